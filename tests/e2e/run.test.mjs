// A computation that a form starts: its page, with and without a script, to its end.

import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { after, before, test } from 'node:test';
import { HtmlValidate } from 'html-validate';
import { open, startBrowser, startServer } from './support.mjs';

const axe = createRequire(import.meta.url)('axe-core');
const FORM = '/do/turnus/plan?_back=/turnus/2027-2031';
let server, browser;

before(async () => {
    // With so many neighbours no plan can be proven the best, so planning goes on until its limit.
    server = await startServer('plugin turnus {\n    neighbour_km = 100\n}\n');
    browser = await startBrowser();
});

after(async () => {
    await browser?.close();
    assert.equal(await server?.stop(), 0, 'the server ends in order');
});

async function begin(page, seconds) {
    await page.fill('#field-time-limit', String(seconds));
    await page.fill('#field-steps', '900000000');
    await page.click('main button[type=submit]');
    await page.waitForURL(/\/runs\/[0-9a-f]{32}$/);
}

async function findings(page) {
    const result = await page.evaluate(() => window.axe.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'] }));
    return result.violations.map((violation) => `${violation.id}: ${violation.nodes[0].html.slice(0, 200)}`);
}

test('a plan that is begun on its form shows its progress and ends at the plan', async () => {
    const { page, complaints } = await open(browser, server.address + FORM);
    await begin(page, 6);

    await page.waitForFunction(() => /: (bester|best) \d+, (Schranke|bound) \d+/.test(document.getElementById('run-what').textContent));
    await page.waitForFunction(() => document.getElementById('run-news').textContent !== '');
    assert.ok(await page.$eval('#run-bar', (bar) => bar.max > 1 && bar.value > 0));

    await page.waitForURL(/\/answer$/);
    await page.click('.rh-alert-good a');
    await page.waitForURL(/\/turnus\/2027-2031$/);
    assert.equal(await page.locator('.plan-board a.chip').count(), 186);
    // A reader that leaves breaks its stream off; everything else would be a complaint.
    assert.deepEqual(complaints.filter((text) => !text.includes('/events')), []);
    await page.close();
});

test('the page of a run is valid HTML and accessible as far as a program can tell', async () => {
    const { page } = await open(browser, server.address + FORM);
    await begin(page, 60); // longer than it takes to judge it
    const validator = new HtmlValidate({
        extends: ['html-validate:standard'],
        rules: { 'void-style': 'off', 'no-trailing-whitespace': 'off', 'long-title': 'off' },
    });
    const report = await validator.validateString(await (await fetch(page.url())).text());

    assert.deepEqual(report.results.flatMap(({ messages }) => messages.map((m) => `${m.line}: ${m.message} [${m.ruleId}]`)), []);
    await page.waitForFunction(() => document.getElementById('run-bar').value > 0);
    await page.evaluate(axe.source);
    assert.deepEqual(await findings(page), []);

    await page.click('main button[type=submit]');
    await page.waitForURL(/\/answer$/);
    await page.close();
});

test('a run can be cancelled', async () => {
    const { page } = await open(browser, server.address + FORM);
    await begin(page, 60);

    await page.click('main button[type=submit]');
    await page.waitForURL(/\/answer$/);
    assert.match(await page.textContent('.rh-alert-bad'), /abgebrochen|cancelled/);
    await page.close();
});

test('without a script the page loads itself anew until there is an answer', async () => {
    const context = await browser.newContext({ javaScriptEnabled: false });
    const page = await context.newPage();
    await page.goto(server.address + FORM);
    await begin(page, 5);

    await page.waitForURL(/\/answer$/);
    assert.equal(await page.locator('.rh-alert-good').count(), 1);
    await context.close();
});
