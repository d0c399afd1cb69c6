// The plan page: the whole round on one screen.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { open, startBrowser, startServer } from './support.mjs';

let server, browser;

before(async () => {
    server = await startServer();
    browser = await startBrowser();
});

after(async () => {
    await browser?.close();
    await server?.stop();
});

const boxes = (page) => page.$$eval('.plan-board a.chip', (chips) => chips.map((chip) => {
    const { left, top, right, bottom, height } = chip.getBoundingClientRect();
    return { left, top, right, bottom, height, text: chip.textContent.trim() };
}));

test('all 186 offices are on one screen of 1366 x 768, in chips a pointer can hit', async () => {
    const { page } = await open(browser, server.address + '/turnus/2027-2031');

    const chips = await boxes(page);

    assert.equal(chips.length, 186);
    assert.deepEqual(chips.filter((chip) => chip.height < 24), []);
    assert.deepEqual(chips.filter((chip) => chip.right > 1366 || chip.bottom > 768), []);
});

test('chips do not lie over each other', async () => {
    const { page } = await open(browser, server.address + '/turnus/2027-2031');

    const chips = await boxes(page);
    const over = chips.flatMap((a, i) => chips.slice(i + 1).filter((b) =>
        a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom - 1 && b.top < a.bottom - 1).map((b) => `${a.text} / ${b.text}`));

    assert.deepEqual(over, []);
});

test('the region filter leaves the 95 offices of the Rhineland', async () => {
    const { page } = await open(browser, server.address + '/turnus/2027-2031?region=LVR');

    assert.equal((await boxes(page)).length, 95);
});

test('the table has a row for each office', async () => {
    const { page: table } = await open(browser, server.address + '/turnus/2027-2031/table');

    assert.equal(await table.locator('tbody tr').count(), 186);
});
