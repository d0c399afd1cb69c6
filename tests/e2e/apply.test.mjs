// The form of applications as an office meets it: on a phone, without a script, without an account.

import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { after, before, test } from 'node:test';
import { open, startBrowser, startServer } from './support.mjs';

const axe = createRequire(import.meta.url)('axe-core');
const PHONE = { width: 412, height: 915 };
let server, browser;

async function call(operation, fields) {
    const response = await fetch(`${server.address}/api/v1/${operation}`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify(fields),
    });
    assert.equal(response.status, 200, await response.text());
}

before(async () => {
    server = await startServer('plugin pilot {\n    address = "https://bewerbung.example.org"\n}\n');
    browser = await startBrowser();
    await call('pilot/open', { id: 'aufruf', places: 18 });
    await call('pilot/call/open', { selection: 'aufruf', closes: '2099-12-31' });
    await call('pilot/call/question', { selection: 'aufruf', name: 'moderation', label: 'Moderation?', choices: 'ja|nein', required: true });
});

after(async () => {
    await browser?.close();
    assert.equal(await server?.stop(), 0, 'the server ends in order');
});

test('an office applies on a phone; what is wrong is said, and nothing has to be written twice', async () => {
    const { page, complaints, status } = await open(browser, `${server.address}/apply/aufruf?lang=de`, PHONE);
    assert.equal(status, 200);
    assert.equal(await page.locator('.rh-nav').count(), 0, 'no navigation of the house');
    assert.ok((await page.evaluate(() => document.documentElement.scrollWidth)) <= 412, 'nothing sticks out');
    await page.evaluate(axe.source);
    const result = await page.evaluate(() => window.axe.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'] }));
    assert.deepEqual(result.violations.map((violation) => violation.id), []);

    await page.selectOption('#apply-office', 'lemgo');
    await page.check('input[name=kind][value=district]');
    await page.fill('#apply-name', 'Ansprechperson 01');
    await page.fill('#apply-role', 'Jugendhilfeplanung');
    await page.fill('#apply-address', 'a01@example.org');
    await page.check('input[name=committed]');
    await page.fill('#apply-head', 'Leitung 01');
    await page.selectOption('#apply-answer-1', 'ja');
    await page.click('button[type=submit]');
    assert.match(await page.textContent('[role=alert]'), /Stadt Lemgo steht im Register als Stadt/);
    assert.equal(await page.inputValue('#apply-name'), 'Ansprechperson 01');
    assert.equal(await page.inputValue('#apply-answer-1'), 'ja');

    await page.check('input[name=kind][value=city]');
    await page.click('button[type=submit]');
    assert.match(await page.textContent('[role=status]'), /Empfangsnummer aufruf-1/);
    // The answer to what was wrong has its status, which a browser notes.
    assert.deepEqual(complaints.filter((text) => !text.includes('422')), []);
    await page.close();
});
