// When no plan exists: the page names the rules, one click repairs it, a plan with gaps asks for a word before it is published.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { open, startBrowser, startServer } from './support.mjs';

const PAGE = '/turnus/2027-2031/conflicts?lang=de';
const PINS = 'office,rule,from,to,other,note\nlemgo,fixed,2031-02,,,Wunsch des Amtes\nahlen,fixed,2029-07,,,\n';

let server, browser;

before(async () => {
    server = await startServer();
    browser = await startBrowser();
});

after(async () => {
    await browser?.close();
    await server?.stop();
});

async function importRules(text) {
    const response = await fetch(server.address + '/api/v1/turnus/rule/import', {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({ file: { name: 'rules.csv', text } }),
    });
    assert.equal(response.status, 200, await response.text());
}

test('one click makes a plan possible again', async () => {
    await importRules(PINS);
    const { page, complaints } = await open(browser, server.address + PAGE);
    assert.equal(await page.locator('.plan-conflict').count(), 2);
    assert.match(await page.locator('.plan-conflict').first().textContent(), /bleibt kein Monat/);
    assert.match(await page.textContent('body'), /Wunsch des Amtes/);

    await page.locator('.plan-repairs button').first().click();
    await page.getByText('ein Plan ist jetzt möglich').waitFor();
    await page.goto(server.address + PAGE);

    assert.equal(await page.locator('.plan-conflict').count(), 0);
    assert.match(await page.textContent('body'), /ein Plan ist möglich/);
    // Who leaves the page of a run no longer listens to it.
    assert.deepEqual(complaints.filter((text) => !/\/runs\/[0-9a-f]+\/events: net::ERR_ABORTED/.test(text)), []);
});

test('a plan with gaps names them on the board and is published only with a reason', async () => {
    await importRules(PINS);
    const { page } = await open(browser, server.address + PAGE);

    await page.getByRole('button', { name: 'Mit Lücken planen' }).click();
    await page.getByText('der Entwurf ist damit gekennzeichnet').waitFor({ timeout: 60000 });
    await page.goto(server.address + '/turnus/2027-2031?lang=de');

    assert.match(await page.locator('.plan-gaps').textContent(), /Stadt Lemgo beginnt im Februar 2031/);
    assert.equal(await page.locator('a.chip.gap').count(), 2);
    await page.getByRole('checkbox').check();
    await page.locator('.plan-publish input[name=reason]').fill('mit den Ämtern besprochen');
    await page.locator('.plan-publish button').click();
    await page.getByText('mit 2 hingenommenen Lücken').waitFor();
});
