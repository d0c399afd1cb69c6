// Meetings, as planners and those who are asked meet them: a month, a week, one meeting, a poll answered on a phone.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { assertAccessible, open, startBrowser, startServer } from './support.mjs';

const phone = { width: 412, height: 900 };
let server, browser, meeting;

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
    assert.equal(status, 200, path);
    assert.deepEqual(complaints, []);
    const wider = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    assert.ok(wider <= 0, `${path} is ${wider} px wider than the screen`);
    return page;
}

const api = async (path) => (await fetch(`${server.address}/api/v1/${path}`)).json();

test('all meetings of the round have a date', async () => {
    const { items } = await api('appointment/list?state=all&from=2026-01-01&round=2027-2031');
    const live = items.filter((item) => item.state !== 'cancelled');

    for (const step of ['kickoff', 'session', 'discussion'])
        assert.ok(live.filter((item) => item.step === step).length >= 180, `${step}: ${live.filter((item) => item.step === step).length}`);
    meeting = live.find((item) => item.state === 'fixed' && item.step === 'discussion' && item.day > '2027-10-20');
    assert.ok(meeting, 'one is fixed and ahead');
});

test('a month and a week show them, on a desk, on a phone and on paper', async () => {
    for (const [path, viewport] of [['/appointments?month=2027-10'], ['/appointments?month=2027-10', phone], [`/appointments/week?day=${meeting.day}`], [`/appointments/week?day=${meeting.day}`, phone]]) {
        const page = await visit(path, viewport);

        assert.ok((await page.locator('table.cal-sheet td li').count()) > 0, path);
        await assertAccessible(page);
        await page.emulateMedia({ media: 'print' });
        assert.equal(await page.locator('.cal-turn').isVisible(), false);
        assert.ok(await page.locator('table.cal-sheet td li').first().isVisible(), `${path} on paper`);
        await page.close();
    }
});

test('an answer is recorded, and the meeting is moved with a reason', async () => {
    let page = await visit(`/meetings/${meeting.meeting}`);

    await assertAccessible(page);
    await page.locator('main table tbody tr').first().getByRole('link', { name: /Antwort eintragen|Record an answer/ }).click();
    await page.selectOption('#field-answer', 'accepted');
    await page.click('main form button[type=submit]');
    await page.click('main .rh-alert-good a');
    assert.match(await page.textContent('main table tbody tr:first-child'), /sagt zu|accepted/);
    await page.close();
    page = await visit(`/meetings/${meeting.meeting}`, phone);
    await page.getByRole('link', { name: /^(Verlegen|Move)$/ }).click();
    await page.fill('#field-on', '2027-10-03'); // a Sunday and a holiday
    await page.fill('#field-reason', 'Raum');
    await page.click('main form button[type=submit]');
    assert.match(await page.textContent('.rh-alert-bad'), /wird nicht gearbeitet|no working day/);
    await page.close();
});

test('who is asked for dates answers by a link, without an account', async () => {
    const body = { procedure: meeting.procedure, step: meeting.step, dates: '2028-01-18 9:00-12:00; 2028-01-20 9:00-12:00', rule: 'hand', closes: '2027-10-15' };
    const opened = await fetch(`${server.address}/api/v1/appointment/poll`, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) });
    const answer = await opened.json();
    assert.equal(opened.status, 200, JSON.stringify(answer));
    const { items } = await api('mail/list?state=all&kind=appointments.poll');
    const { text } = await api(`mail/show?id=${items[0].id}`);
    const path = new URL(text.match(/http\S+\/dates\/[a-z2-7]{32}/)[0]).pathname;

    const page = await visit(path, phone);
    await assertAccessible(page);
    await page.check('input[name=vote-1][value=no]');
    await page.check('input[name=vote-2][value=yes]');
    await page.click('main form button[type=submit]');
    await page.click('main .rh-alert-good a');
    assert.ok(await page.isChecked('input[name=vote-2][value=yes]'));
    await page.goto(`${server.address}/polls/${answer.poll}`);
    await assertAccessible(page);
    assert.match(await page.textContent('main table tbody tr:nth-child(2)'), /1/);
    await page.locator('main table tbody tr:nth-child(2) button').click();
    assert.match(await page.textContent('.rh-alert-good'), /entschieden|decided/i);
    await page.close();
});
