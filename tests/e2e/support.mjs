// support.mjs - a server with a copy of the demo database, a browser, and pages as a reader meets them.

import { spawn } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';

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
    const executablePath = process.env.RH_CHROMIUM ?? '/usr/bin/chromium';
    return chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-dev-shm-usage'] });
}

// A page as a reader meets it: what was served, and everything the browser complained about.
export async function open(browser, url, viewport = { width: 1366, height: 768 }) {
    const page = await browser.newPage({ viewport });
    const complaints = [];
    page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(String(error)));
    page.on('requestfailed', (request) => {
        // A click while the icon is still on its way ends that request; the page did nothing wrong.
        const left = request.failure()?.errorText === 'net::ERR_ABORTED' && request.url().endsWith('/favicon.svg');
        if (!left) complaints.push(`${request.url()}: ${request.failure()?.errorText}`);
    });
    page.on('request', (request) => {
        const where = new URL(request.url());
        if (where.protocol !== 'data:' && where.origin !== new URL(url).origin) complaints.push(`asks elsewhere: ${where.origin}`);
    });
    const response = await page.goto(url);
    return { page, complaints, status: response.status(), html: await response.text() };
}

// Pages of one kind differ only in an office or a moderator, or are forms made from the table of operations.
function kindOf(url) {
    const { pathname, searchParams } = new URL(url);
    return pathname.replace(/(\/(?:offices?|moderators?|running|mail|inbound|conferences|meetings|polls)\/)[^/]+/, '$1…').replace(/^\/do\/.*/, '/do/…') + [...searchParams.keys()].sort();
}

// Follows the links of the house from the first page. Of each kind of page the browser shows the first two; of the forms
// the others are fetched alone, as is what is no page but data.
export async function walk(browser, start) {
    const waiting = [start];
    const seen = new Set(waiting);
    const count = new Map();
    const visited = [];
    while (waiting.length > 0) {
        const url = waiting.shift();
        const kind = kindOf(url);
        const nth = (count.get(kind) ?? 0) + 1;
        count.set(kind, nth);
        if (kind.startsWith('/api/') || (kind.startsWith('/do/') && nth > 2)) {
            const response = await fetch(url);
            const html = kind.startsWith('/do/') ? await response.text() : null;
            visited.push({ url, html, status: response.status, complaints: [], shown: false });
            continue;
        }
        if (nth > 2) continue;
        const { page, ...met } = await open(browser, url);
        visited.push({ url, ...met, shown: true });
        for (const href of await page.$$eval('a[href]', (anchors) => anchors.map((anchor) => anchor.href))) {
            const target = new URL(href);
            target.hash = '';
            if (target.origin !== new URL(start).origin || seen.has(target.href)) continue;
            seen.add(target.href);
            waiting.push(target.href);
        }
        await page.close();
    }
    return visited;
}
