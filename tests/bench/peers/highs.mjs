// highs.mjs LP-FILE SECONDS ANSWER-FILE - HiGHS (WebAssembly) on a model. Says "optimal" or "limit", and "objective N" when
// it has a plan; the answer file then names the columns x… that are 1.
import { readFileSync, writeFileSync } from 'node:fs'
import loadHighs from 'highs'

const [model, seconds, answer] = process.argv.slice(2)
const highs = await loadHighs()
const found = highs.solve(readFileSync(model, 'utf8'), {
  time_limit: Number(seconds),
  mip_rel_gap: 0,
  mip_abs_gap: 0.5,
  output_flag: false,
})
const optimal = found.Status === 'Optimal'
const columns = Object.entries(found.Columns ?? {})
const whole = columns.filter(([name, column]) => name.startsWith('x') && column.Primal !== undefined)
if (whole.length > 0 && whole.every(([, column]) => Math.abs(column.Primal - Math.round(column.Primal)) < 1e-5)) {
  writeFileSync(answer, whole.filter(([, column]) => column.Primal > 0.5).map(([name]) => `${name} 1\n`).join(''))
}
console.log(optimal ? 'optimal' : 'limit')
if (optimal || (found.Status === 'Time limit reached' && Number.isFinite(found.ObjectiveValue))) {
  console.log(`objective ${found.ObjectiveValue}`)
}
