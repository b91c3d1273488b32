// Tests wait for the thing itself, on ports the system gives.
import { findAll } from '../tree.mjs';

const dotnetTests = /^(?:tests|bench)\/.*\.cs$/;
const webTests = /^web\/(?:e2e\/.*|.*\.test)\.tsx?$/;
const anyTests = new RegExp(`${dotnetTests.source}|${webTests.source}`);

const sleeps = [
  [dotnetTests, /\bThread\.Sleep\(|\bTask\.Delay\(\s*(?:\d|TimeSpan\.From\w+\(\s*[\d_.]+)/g],
  [webTests, /\bwaitForTimeout\(|\bsetTimeout\(\s*(?:resolve|done|r)\b/g],
];
const ports = /(?:localhost|127\.0\.0\.1|\[::1?\]|0\.0\.0\.0):[1-9]\d{1,4}\b|\bIPAddress\.(?:Any|Loopback|IPv6Loopback),\s*[1-9]\d*|--port[= ][1-9]/g;

export const rules = [
  {
    name: 'no-sleep',
    why: 'a sleep is too long on a good day and too short on a bad one: use a fake clock, or wait for the thing itself',
    check: (tree) => sleeps.flatMap(([files, pattern]) => findAll(tree, files, pattern, (match) => match[0])),
    good: [
      { 'tests/A.Tests/ATests.cs': 'await clock.Advance(TimeSpan.FromSeconds(5));\nawait ready.Task;\nawait Task.Delay(pause, time);' },
      { 'web/e2e/a.spec.ts': "await expect(page.getByText('hello')).toBeVisible();" },
    ],
    bad: [
      { 'tests/A.Tests/ATests.cs': 'await Task.Delay(100);' },
      { 'tests/A.Tests/ATests.cs': 'await Task.Delay(TimeSpan.FromSeconds(1));' },
      { 'tests/A.Tests/ATests.cs': 'Thread.Sleep(10);' },
      { 'web/e2e/a.spec.ts': 'await page.waitForTimeout(500);' },
    ],
  },
  {
    name: 'no-fixed-ports',
    why: 'two runs on one machine must not meet: ask for port 0',
    check: (tree) => findAll(tree, anyTests, ports, (match) => `fixed port ${match[0]}`, { inCode: false }),
    good: [{ 'tests/A.Tests/ATests.cs': 'Listen("http://127.0.0.1:0"); new IPEndPoint(IPAddress.Loopback, 0);' }, { 'src/A.cs': '"http://127.0.0.1:8080"' }],
    bad: [
      { 'tests/A.Tests/ATests.cs': 'Listen("http://127.0.0.1:8080");' },
      { 'tests/A.Tests/ATests.cs': 'new IPEndPoint(IPAddress.Loopback, 5000);' },
      { 'web/e2e/a.spec.ts': "await page.goto('http://localhost:8080/');" },
    ],
  },
];
