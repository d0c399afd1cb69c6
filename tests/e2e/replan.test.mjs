// Gentle change as a planner meets it: an office is pinned elsewhere, the curve, a draft, the comparison, publishing.

import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { after, before, test } from 'node:test';
import { HtmlValidate } from 'html-validate';
import { open, startBrowser, startServer } from './support.mjs';

const axe = createRequire(import.meta.url)('axe-core');
const ROUND = '/turnus/2027-2031';
let server, browser;

before(async () => {
    server = await startServer();
    browser = await startBrowser();
});

after(async () => {
    await browser?.close();
    assert.equal(await server?.stop(), 0, 'the server ends in order');
});

const words = (page) => page.textContent('main');

async function press(page, name) {
    await page.click(`main button:has-text("${name}")`);
}

// A computation leads to its run; without a script the page loads itself anew, with it it goes on by itself.
async function done(page) {
    await page.waitForURL(/\/runs\/[0-9a-f]{32}\/answer/, { timeout: 60000 });
    assert.match(await words(page), /Erledigt|Done/);
    await page.click('main .rh-alert a');
}

async function assertGood(page) {
    const report = await new HtmlValidate({
        extends: ['html-validate:standard'],
        rules: { 'void-style': 'off', 'no-trailing-whitespace': 'off', 'long-title': 'off' },
    }).validateString(await (await fetch(page.url())).text());
    assert.deepEqual(report.results.flatMap((result) => result.messages.map((m) => `${m.line}: ${m.message}`)), []);
    await page.evaluate(axe.source);
    const found = await page.evaluate(() => window.axe.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'] }));
    assert.deepEqual(found.violations.map((v) => `${v.id}: ${v.nodes[0].html.slice(0, 200)}`), []);
}

test('a pinned office moves, the curve shows at what price, and its draft is compared and published', async () => {
    const { page, complaints } = await open(browser, `${server.address}${ROUND}/office/koeln?lang=de`);
    const pinned = (await words(page)).includes('Beginn: März 2029') ? '2030-03' : '2029-03';
    await page.fill('input[name=month]', pinned);
    await page.fill('form[action="/do/turnus/pin"] input[name=reason]', 'Umzug des Amtes');
    await press(page, 'Festlegen');
    assert.match(await words(page), /Stadt Köln ist auf März 20\d\d festgelegt/);
    await page.click('main .rh-alert a');
    assert.match(await words(page), /festgelegt auf März 20\d\d \(Regel \d+\): Umzug des Amtes/);
    await assertGood(page);

    await page.goto(server.address + ROUND);
    await page.click('main a:has-text("Schonend umplanen")');
    assert.match(await words(page), /Umzüge, die sein müssen: 1/);
    await page.fill('input[name=prices]', '0, 30, muss');
    await press(page, 'Vom veröffentlichten Plan aus rechnen');
    await done(page);
    assert.equal(await page.locator('svg.plan-curve circle').count() >= 1, true);
    assert.equal(await page.locator('main table').first().locator('tbody tr').count(), 4); // as it is, and three prices
    await assertGood(page);

    await page.locator('main table').first().locator('tbody tr').last().locator('button').click();
    await done(page);
    assert.match(page.url(), /\/compare\?plan=1$/);
    assert.match(await words(page), /in einem anderen Monat beginnen als nach Plan 1: 1/);
    await assertGood(page);
    await press(page, 'Veröffentlichen');
    assert.match(await words(page), /ist veröffentlicht/);
    // Who leaves the page of a run no longer listens to it.
    assert.deepEqual(complaints.filter((text) => !/\/runs\/[0-9a-f]+\/events: net::ERR_ABORTED/.test(text)), []);
});

test('a table changed in Excel becomes a draft without choosing the file twice, and can be discarded', async () => {
    const { page } = await open(browser, `${server.address}${ROUND}/office/bonn?lang=de`);
    const to = (await words(page)).includes('Beginn: April 2029') ? '2030-04' : '2029-04';
    await page.goto(`${server.address}${ROUND}/import`);
    await page.setInputFiles('input[type=file]', { name: 'plan.csv', mimeType: 'text/csv', buffer: Buffer.from(`office;Beginn\nbonn;${to}\n`) });
    await page.check('input[name=over-capacity]');
    await press(page, 'Als Entwurf einlesen');
    await done(page);
    assert.match(await words(page), /Stadt Bonn/);

    await press(page, 'Verwerfen');
    assert.match(await words(page), /ist verworfen/);
});

test('the best places of an office have a page, also out of turn', async () => {
    const { page } = await open(browser, `${server.address}${ROUND}/office/bonn?lang=de`);
    await page.click('main a:has-text("Mehr Plätze")');
    assert.equal(await page.locator('main tbody tr').count(), 5);
    await assertGood(page);

    await page.check('input[name=out-of-turn]');
    await press(page, 'Plätze zeigen');
    await page.selectOption('select[name=suggested-by]', 'coordination');
    await press(page, 'Plätze zeigen');
    assert.match(await page.locator('main tbody a').first().getAttribute('href'), /suggested-by=coordination/);
    await assertGood(page);
});
