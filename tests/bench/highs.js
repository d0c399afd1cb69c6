// highs.js - npm's highs (WebAssembly) as a peer: node highs.js PROBLEM.lp SECONDS ANSWER
// Writes "objective N" when it has a plan, as cbc and glpsol write theirs.
"use strict";
const fs = require("fs");
const [problem, seconds, answer] = process.argv.slice(2);

require("highs")().then((highs) => {
    const found = highs.solve(fs.readFileSync(problem, "utf8"), { time_limit: Number(seconds), mip_rel_gap: 0 });
    const plan = found.Status === "Optimal" || (found.Status === "Time limit reached" && Number.isFinite(found.ObjectiveValue));
    fs.writeFileSync(answer, `status ${found.Status}\n` + (plan ? `objective ${found.ObjectiveValue}\n` : ""));
});
