// Every page that can be reached by links, as a browser and its reader meet it.

import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { after, before, test } from 'node:test';
import { HtmlValidate } from 'html-validate';
import { open, startBrowser, startServer, walk } from './support.mjs';

const axe = createRequire(import.meta.url)('axe-core');
let server, browser, visited, pages;
const judged = new Map();

before(async () => {
    server = await startServer();
    browser = await startBrowser();
    visited = await walk(browser, server.address + '/', judge);
    pages = visited.filter((page) => page.html !== null);
});

after(async () => {
    await browser?.close();
    assert.equal(await server?.stop(), 0, 'the server ends in order');
});

test('every link leads to a page', () => {
    const broken = visited.filter((page) => page.status >= 400).map((page) => `${page.status} ${page.url}`);

    assert.deepEqual(broken, []);
    assert.ok(pages.length >= 40, `only ${pages.length} pages were found`);
});

test('no page breaks its own policy, asks elsewhere or misses a file', () => {
    const complaints = visited.flatMap((page) => page.complaints.map((text) => `${page.url}: ${text}`));

    assert.deepEqual(complaints, []);
});

test('no page needs a script', () => {
    const scripted = pages.filter((page) => /<script|\son[a-z]+=/i.test(page.html)).map((page) => page.url);

    assert.deepEqual(scripted, []);
});

test('every page is valid HTML', async () => {
    const validator = new HtmlValidate({
        extends: ['html-validate:standard'],
        // Taste, not validity: whether void elements close, and how long a line of a generated table is.
        rules: { 'void-style': 'off', 'no-trailing-whitespace': 'off', 'long-title': 'off' },
    });
    const findings = [];
    for (const { url, html } of pages) {
        const report = await validator.validateString(html);
        for (const { messages } of report.results)
            findings.push(...messages.map((m) => `${url}:${m.line}:${m.column}: ${m.message} [${m.ruleId}]`));
    }

    assert.deepEqual(findings, []);
});

test('every page is accessible as far as a program can tell (WCAG 2.1 A and AA)', () => {
    const shown = visited.filter((page) => page.shown && !isTranslation(page.url)).map((page) => page.url);
    const findings = [...judged].flatMap(([url, violations]) =>
        violations.map((violation) => `${url}: ${violation.id}: ${violation.help}: ${violation.nodes[0].html.slice(0, 200)}`),
    );

    assert.deepEqual([...judged.keys()], shown, 'each page was judged');
    assert.deepEqual(findings, []);
});

// Judged while it is shown, so that no page is opened twice; the same page in the other language has the same bones.
async function judge(page, url) {
    if (isTranslation(url)) return;
    await page.evaluate(axe.source);
    const result = await page.evaluate(() => window.axe.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'] }));
    judged.set(url, result.violations);
}

function isTranslation(url) {
    return url.includes('lang=');
}
