// The desk: many procedures at once, mails held and let go, the brake, a history that is taken back, a survey of all offices.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { assertAccessible, done, open, startBrowser, startServer, words } from './support.mjs';

let server, browser;

before(async () => {
    server = await startServer('procedure { brake_mails = 0 }\n');
    browser = await startBrowser();
});

after(async () => {
    await browser?.close();
    assert.equal(await server?.stop(), 0, 'the server ends in order');
});

const TELEPHONE = { width: 412, height: 915 };

async function visit(path, viewport) {
    const { page, complaints, status } = await open(browser, server.address + path, viewport);
    assert.equal(status, 200);
    return { page, complaints };
}

// What is no matter of the test is done as a program would.
async function call(operation, parameters) {
    const response = await fetch(`${server.address}/api/v1/${operation}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(parameters),
    });
    const answer = await response.json();
    assert.equal(response.status, 200, JSON.stringify(answer));
    return answer;
}

test('many at once: chosen, previewed, done in all that allow it, and taken back as one', async () => {
    const { page, complaints } = await visit('/running?lang=de');
    await page.click('main a:has-text("Viele auf einmal ändern")');
    await page.selectOption('[name=region]', 'LVR');
    await page.selectOption('[name=action]', 'extend');
    await page.selectOption('[name=step]', 'structure');
    await page.fill('[name=workdays]', '3');
    await page.fill('[name=reason]', 'Streik');
    await page.click('main button:has-text("Vorschau")');
    assert.match(await words(page), /Ändern würden sich: [1-9]\d* Verfahren, [1-9]\d* Fristen/);
    assert.match(await words(page), /Lassen es nicht zu/);
    await assertAccessible(page);
    await page.click('main button:has-text("so ändern")');
    await done(page);
    await page.click('main a:has-text("zurücknehmen")');
    await page.fill('main [name=reason]', 'doch kein Streik');
    await page.click('main button[type=submit]');
    await done(page);
    assert.match(await words(page), /Frist verlängern \(structure\).*zurückgenommen/s);
    assert.deepEqual(complaints, []);
});

test('a survey of all offices: its mails wait for their day, are stopped in the forecast, held, released and dropped', async () => {
    await call('survey/create', { survey: 'wissen', title: 'Was wir wissen wollen', opens: '2027-10-04', closes: '2027-12-01', link: 'https://example.org/fragen' });
    const { page, complaints } = await visit('/surveys/wissen/preview?lang=de');
    await page.click('main button:has-text("186")');
    await done(page);
    assert.match(await words(page), /Gefragt: 186/);
    await assertAccessible(page);

    // the forecast on a telephone
    const { page: small } = await visit('/ahead?days=14&lang=de', TELEPHONE);
    assert.ok(await small.locator('h2.proc-heading').count() > 3);
    assert.equal(await small.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth), true);
    assert.equal(await small.locator('form[action="/do/mail/hold"]').count(), 186);
    await small.locator('form[action="/do/mail/hold"] button').first().click();
    await done(small);
    assert.equal(await small.locator('form[action="/do/mail/release"]').count(), 1);
    await small.locator('form[action="/do/mail/release"] button').click();
    await done(small);
    assert.equal(await small.locator('form[action="/do/mail/hold"]').count(), 186);
    await small.close();

    // the mail itself
    await page.goto(server.address + '/mail?state=queued&lang=de');
    await page.locator('main tbody th a').first().click();
    for (const button of ['hold', 'release', 'drop']) {
        const form = page.locator(`.post-buttons form[action="/do/mail/${button}"]`);
        if (button !== 'release') await form.locator('[name=reason]').fill('erst nachfragen');
        await form.locator('button').click();
        await done(page);
    }
    assert.match(await words(page), /verworfen/);
    assert.equal(await page.locator('.post-buttons form').count(), 0);
    // what was never tried cannot be tried again, and is not offered
    await page.goto(server.address + '/mail?state=queued&lang=de');
    await page.locator('main tbody th a').first().click();
    assert.equal(await page.locator('.post-buttons form[action="/do/mail/hold"]').count(), 1);
    assert.equal(await page.locator('.post-buttons form[action="/do/mail/retry"]').count(), 0);

    // an answer: nobody is reminded any more
    await page.goto(server.address + '/surveys/wissen?lang=de');
    const row = page.locator('main tbody tr').first();
    assert.match(await row.textContent(), /2027-11-/);
    await row.locator('a', { hasText: 'hat geantwortet' }).click();
    await page.click('main button[type=submit]');
    await done(page);
    assert.match(await words(page), /geantwortet: 1/);
    assert.doesNotMatch(await page.locator('main tbody tr').first().textContent(), /2027-11-/);
    assert.deepEqual(complaints, []);
});

test('what happened stands in the history with its reason, and is taken back there', async () => {
    await call('deadline/extend', { procedure: 'marl-2027-2031', step: 'structure', workdays: 4, reason: 'Umzug der Aktei' });
    const { page, complaints } = await visit('/running/marl-2027-2031/history?lang=de', TELEPHONE);
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth), true);
    const row = page.locator('main tbody tr', { hasText: 'Umzug der Aktei' });
    assert.match(await row.textContent(), /Frist verlängert.*Strukturanalyse/s);
    await assertAccessible(page);
    await row.locator('a', { hasText: 'zurücknehmen' }).click();
    await page.fill('main [name=reason]', 'doch nicht');
    await page.click('main button[type=submit]');
    await done(page);
    assert.match(await row.textContent(), /zurückgenommen/);
    assert.deepEqual(complaints, []);
});

test('the brake: what no forecast had shown is held, seen, and dropped or let go by a person', async () => {
    // out of turn, and its first day was three weeks ago
    const held = async (office) => {
        await call('procedure/record', { office, start: '2027-09', state: 'planned', 'suggested-by': 'office', reason: 'auf Wunsch' });
        let answer;
        for (const end = Date.now() + 20000; !answer?.on && Date.now() < end;) answer = await call('brake/show', {});
        assert.ok(answer.on, 'the brake is not on');
        return visit('/brake?lang=de');
    };
    const { page, complaints } = await held('lemgo');
    assert.match(await words(page), /Zurückgehalten werden [1-9]\d* Mails/);
    await assertAccessible(page);
    await page.fill('form[action="/do/brake/drop"] [name=reason]', 'ein Versehen');
    await page.click('form[action="/do/brake/drop"] button');
    await done(page);
    await page.goto(server.address + '/brake?lang=de');
    assert.match(await words(page), /nicht gezogen/);

    const { page: again } = await held('ahaus');
    await again.click('form[action="/do/brake/release"] button');
    await done(again);
    await again.goto(server.address + '/brake?lang=de');
    assert.match(await words(again), /nicht gezogen/);
    assert.deepEqual(complaints, []);
});
