// Procedures on their way, as staff meets them: what is overdue, a call, a mail that is stopped, a step that is done; a conference.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { assertAccessible, done, open, startBrowser, startServer, words } from './support.mjs';

let server, browser;

before(async () => {
    server = await startServer();
    browser = await startBrowser();
});

after(async () => {
    await browser?.close();
    assert.equal(await server?.stop(), 0, 'the server ends in order');
});

async function visit(path, viewport) {
    const { page, complaints, status } = await open(browser, server.address + path, viewport);
    assert.equal(status, 200);
    return { page, complaints };
}

test('an overdue step: a call is noted in place, the step waits and is overdue no more', async () => {
    const { page, complaints } = await visit('/late?lang=de');
    const before = await page.locator('main tbody tr').count();
    assert.ok(before >= 3, `only ${before} steps are overdue`);
    const row = page.locator('main tbody tr').first();
    const task = await row.locator('th a').getAttribute('href');
    await row.locator('summary').click();
    await row.locator('input[name=about]').fill('schickt die Akte nächste Woche');
    await assertAccessible(page);
    await row.locator('form button').click();
    assert.match(await words(page), /der Schritt wartet bis 20\d\d-\d\d-\d\d/);
    await done(page);
    assert.match(page.url(), /\/late$/);
    assert.equal(await page.locator('main tbody tr').count(), before - 1);

    await page.goto(server.address + task);
    assert.match(await words(page), /wartet bis 20\d\d-\d\d-\d\d/);
    assert.match(await words(page), /schickt die Akte nächste Woche/);
    await assertAccessible(page);
    assert.deepEqual(complaints, []);
});

test('a mail of the next days is stopped with one click, and sent after all', async () => {
    const { page, complaints } = await visit('/ahead?lang=de');
    const before = await page.locator('form[action="/do/reminder/stop"]').count();
    assert.ok(before >= 20, `only ${before} mails are ahead`);
    await page.locator('form[action="/do/reminder/stop"] button').first().click();
    await done(page);
    assert.match(page.url(), /\/ahead$/);
    assert.equal(await page.locator('form[action="/do/reminder/stop"]').count(), before - 1);
    assert.equal(await page.locator('form[action="/do/reminder/unstop"]').count(), 1);
    await page.locator('form[action="/do/reminder/unstop"] button').click();
    await done(page);
    assert.equal(await page.locator('form[action="/do/reminder/stop"]').count(), before);
    assert.deepEqual(complaints, []);
});

test('a step is done on the list of tasks, and the next one opens', async () => {
    const { page } = await visit('/running/coesfeld-2027-2031?lang=de');
    const row = page.locator('.proc-tasks tbody tr', { has: page.locator('form[action="/do/step/done"]') }).first();
    const number = Number(await row.locator('td').first().textContent());
    await row.locator('form[action="/do/step/done"] button').click();
    await done(page);
    const nth = (n) => page.locator('.proc-tasks tbody tr').filter({ has: page.locator('td.rh-number', { hasText: new RegExp(`^${n}$`) }) });
    assert.match(await nth(number).textContent(), /getan/);
    assert.equal(await nth(number + 1).locator('form[action="/do/step/done"]').count(), 1);
});

test('the board shows 27 procedures by 19 steps, its head stays, and on a telephone only the table is wide', async () => {
    const { page } = await visit('/running');
    assert.equal(await page.locator('.proc-board tbody tr').count(), 27);
    assert.equal(await page.locator('.proc-board tbody tr').first().locator('td').count(), 21);
    await page.evaluate(() => window.scrollTo(0, 300));
    assert.ok((await page.locator('.proc-board thead th').first().boundingBox()).y >= 0);
    for (const path of ['/running', '/running/coesfeld-2027-2031', '/ahead', '/late', '/mail', '/effort', '/processes/qev-1']) {
        const { page: small } = await visit(path, { width: 412, height: 915 });
        assert.equal(await small.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth), true, path);
        await small.close();
    }
});

test('the process is drawn as an image, under the policy of every page', async () => {
    const { page, complaints } = await visit('/processes/qev-1');
    assert.ok(await page.locator('img.proc-picture').evaluate((image) => image.complete && image.naturalWidth > 300));
    const response = await fetch(server.address + await page.locator('img.proc-picture').getAttribute('src'));
    assert.equal(response.headers.get('content-type'), 'image/svg+xml');
    assert.match(response.headers.get('content-security-policy'), /default-src 'none'/);
    assert.deepEqual(complaints, []);
});

test('a mail that left shows its text, what happened to it, and offers nothing that cannot be', async () => {
    const { page, complaints } = await visit('/mail?state=sent&lang=de');
    assert.equal(await page.locator('main tbody tr').count(), 100);
    await page.locator('main tbody th a').first().click();
    assert.match(await page.locator('.post-text').first().textContent(), /Guten Tag/);
    assert.equal(await page.locator('.post-buttons form').count(), 0);
    await assertAccessible(page);
    await page.click('main a:has-text("Was mit ihr geschah")');
    assert.match(await words(page), /angelegt/);
    assert.deepEqual(complaints, []);
});

test('a conference: created, previewed, all invited with the number confirmed, an answer recorded', async () => {
    const { page, complaints } = await visit('/conferences?lang=de');
    await page.click('main a:has-text("Tagung anlegen")');
    for (const [name, value] of Object.entries({ conference: 'abschluss-2031', title: 'Abschlusstagung', on: '2031-11-20', place: 'Köln', 'answer-by': '2031-10-31' }))
        await page.fill(`main [name="${name}"]`, value);
    await page.click('main button[type=submit]');
    await done(page);
    await page.click('main a:has-text("Abschlusstagung")');
    await page.click('main a:has-text("Wer wird noch eingeladen?")');
    await assertAccessible(page);
    await page.click('main button:has-text("186")');
    await done(page);
    assert.match(await words(page), /Eingeladen: 186/);
    await page.locator('main tbody tr').first().locator('a', { hasText: /^kommt(?! nicht)/ }).click();
    await page.fill('main [name=people]', '3');
    await page.click('main button[type=submit]');
    await done(page);
    assert.match(await words(page), /sagen zu: 1 \(3 Personen\)/);
    await assertAccessible(page);
    assert.deepEqual(complaints, []);
});
