// run.js - the page of a run follows its progress. Without it the page loads itself anew every two seconds.
'use strict';

const run = document.getElementById('run');
const bar = document.getElementById('run-bar');
const news = document.getElementById('run-news');
const events = new EventSource(run.dataset.events);
const SPOKEN_MS = 5000; // who listens to the page wants to hear more than numbers
let spokenAt = 0;

const put = (name, value) => { document.getElementById('run-' + name).textContent = value; };

const leave = () => {
    events.close();
    window.location.replace(run.dataset.answer);
};

events.addEventListener('progress', (event) => {
    const { done, total, what, elapsed_ms: elapsed } = JSON.parse(event.data);
    if (total > 0) {
        bar.max = total;
        bar.value = Math.min(done, total);
    }
    put('done', done);
    put('total', total);
    put('what', what);
    put('elapsed', Math.floor(elapsed / 1000));
    if (Date.now() - spokenAt < SPOKEN_MS) return;
    spokenAt = Date.now();
    news.textContent = (total > 0 ? Math.floor(100 * Math.min(done, total) / total) + ' % ' : '') + what;
});
events.addEventListener('answer', leave);
events.addEventListener('problem', leave);
// The browser comes back by itself when the connection breaks off, but not when the run is gone.
events.addEventListener('error', () => { if (events.readyState === EventSource.CLOSED) window.location.reload(); });
