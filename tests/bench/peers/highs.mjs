// highs.mjs LP-FILE SECONDS ANSWER-FILE - HiGHS (WebAssembly) on a model; says "optimal" or "limit".
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
const columns = Object.entries(found.Columns ?? {})
const whole = columns.filter(([name, column]) => name.startsWith('x') && column.Primal !== undefined)
if (whole.length > 0 && whole.every(([, column]) => Math.abs(column.Primal - Math.round(column.Primal)) < 1e-5)) {
  writeFileSync(answer, whole.filter(([, column]) => column.Primal > 0.5).map(([name]) => `${name} 1\n`).join(''))
}
console.log(found.Status === 'Optimal' ? 'optimal' : 'limit')
