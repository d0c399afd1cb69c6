// support.mjs - a server with a copy of the demo database, a browser, and pages as a reader meets them.

import { spawn } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { chromium } from 'playwright-core';

const axe = createRequire(import.meta.url)('axe-core');

const DEADLINE_MS = 20000;

// Starts the server on a port the system gives, perhaps with a configuration; returns its address and a way to stop it.
export async function startServer(config = '') {
    const folder = mkdtempSync(join(tmpdir(), 'reihum-e2e-'));
    const db = join(folder, 'reihum.db');
    cpSync('build/demo/reihum.db', db);
    const words = ['serve', '--listen', '127.0.0.1:0', '--db', db];
    if (config) {
        writeFileSync(join(folder, 'reihum.conf'), config);
        words.push('--config', join(folder, 'reihum.conf'));
    }
    const child = spawn('build/reihum', words);
    const address = await firstAddress(child);
    return {
        address,
        async stop() {
            const gone = new Promise((resolve) => child.once('exit', resolve));
            child.kill('SIGTERM');
            const code = await gone;
            rmSync(folder, { recursive: true });
            return code;
        },
    };
}

// The server says where it listens; until then it is not ready.
function firstAddress(child) {
    return new Promise((resolve, reject) => {
        let said = '';
        const timer = setTimeout(() => reject(new Error(`no address within ${DEADLINE_MS} ms: ${said}`)), DEADLINE_MS);
        const listen = (chunk) => {
            said += chunk;
            const found = said.match(/http:\/\/127\.0\.0\.1:[1-9]\d*/);
            if (found) {
                clearTimeout(timer);
                resolve(found[0]);
            }
        };
        child.stdout.on('data', listen);
        child.stderr.on('data', listen);
        child.once('exit', (code) => reject(new Error(`the server ended with ${code}: ${said}`)));
    });
}

export async function startBrowser() {
    // CI runs as root in a container, where the browser's own sandbox cannot start; it sees our pages only.
    const executablePath = process.env.RH_CHROMIUM ?? '/usr/bin/chromium-headless-shell';
    return chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-dev-shm-usage'] });
}

// A page of its own, and what is gathered on it.
export async function open(browser, url, viewport = { width: 1366, height: 768 }) {
    const tab = await openTab(browser, viewport);
    return { page: tab.page, ...(await visit(tab, url)) };
}

// A tab notes everything the browser complains about, under the visit that caused it.
async function openTab(browser, viewport = { width: 1366, height: 768 }) {
    const tab = { page: await browser.newPage({ viewport }), complaints: [], origin: '' };
    const note = (text) => tab.complaints.push(text);
    tab.page.on('console', (message) => message.type() === 'error' && note(message.text()));
    tab.page.on('pageerror', (error) => note(String(error)));
    tab.page.on('requestfailed', (request) => {
        // A click while the icon is still on its way ends that request; the page did nothing wrong.
        const left = request.failure()?.errorText === 'net::ERR_ABORTED' && request.url().endsWith('/favicon.svg');
        if (!left) note(`${request.url()}: ${request.failure()?.errorText}`);
    });
    tab.page.on('request', (request) => {
        const where = new URL(request.url());
        if (where.protocol !== 'data:' && where.origin !== tab.origin) note(`asks elsewhere: ${where.origin}`);
    });
    return tab;
}

// A page as a reader meets it: what was served, and what the browser complained about (from now on, too).
async function visit(tab, url) {
    tab.origin = new URL(url).origin;
    tab.complaints = [];
    const { complaints } = tab;
    const response = await tab.page.goto(url);
    return { complaints, status: response.status(), html: await response.text() };
}

export const words = (page) => page.textContent('main');

// What a form did is said on a page of its own, with the way back. On a slow machine a click is over before that page is there.
export async function done(page) {
    await page.waitForURL(/\/do\//);
    await page.locator('.rh-alert-good, .rh-alert-bad').first().waitFor();
    assert.equal(await page.locator('.rh-alert-good').count(), 1, await words(page));
    await page.click('main .rh-alert a');
}

export async function assertAccessible(page) {
    await page.evaluate(axe.source);
    const found = await page.evaluate(() => window.axe.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'] }));
    assert.deepEqual(found.violations.map((v) => `${v.id}: ${v.nodes[0].html.slice(0, 200)}`), []);
}

// Pages of one kind differ only in an office or a moderator, or are forms made from the table of operations.
function kindOf(url) {
    const { pathname, searchParams } = new URL(url);
    return pathname.replace(/(\/(?:offices?|moderators?|running|mail|inbound|conferences|surveys|meetings|polls)\/)[^/]+/, '$1…').replace(/^\/do\/.*/, '/do/…') + [...searchParams.keys()].sort();
}

// Follows the links of the house from the first page. Of each kind of page the browser shows the first two; of the forms
// the others are fetched alone, as is what is no page but data. `look(page, url)` is called while a page is shown.
// One tab for all of them: opening a tab takes longer than showing a page.
export async function walk(browser, start, look) {
    const waiting = [start];
    const seen = new Set(waiting);
    const count = new Map();
    const visited = [];
    const tab = await openTab(browser);
    while (waiting.length > 0) {
        const url = waiting.shift();
        const kind = kindOf(url);
        const nth = (count.get(kind) ?? 0) + 1;
        count.set(kind, nth);
        if (kind.startsWith('/api/') || new URL(url).pathname.endsWith('.ics') || (kind.startsWith('/do/') && nth > 2)) {
            const response = await fetch(url);
            const html = kind.startsWith('/do/') ? await response.text() : null;
            visited.push({ url, html, status: response.status, complaints: [], shown: false });
            continue;
        }
        if (nth > 2) continue;
        visited.push({ url, ...(await visit(tab, url)), shown: true });
        await look(tab.page, url);
        for (const href of await tab.page.$$eval('a[href]', (anchors) => anchors.map((anchor) => anchor.href))) {
            const target = new URL(href);
            target.hash = '';
            if (target.origin !== new URL(start).origin || seen.has(target.href)) continue;
            seen.add(target.href);
            waiting.push(target.href);
        }
    }
    await tab.page.close();
    return visited;
}
