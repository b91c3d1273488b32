// Replays scenarios in the published engine: node replay.mjs FOLDER < [[inputs, …], …] > [[effects, …], …], each a JSON text.
import { text } from 'node:stream/consumers';
import { pathToFileURL } from 'node:url';

const { dotnet } = await import(pathToFileURL(`${process.argv[2]}/dotnet.js`).href);
const runtime = await dotnet.create();
const exports = await runtime.getAssemblyExports(runtime.getConfig().mainAssemblyName);
const engine = exports.Parley.Engine.Browser.Program;
const answers = JSON.parse(await text(process.stdin)).map((steps) => {
  engine.Restart();
  return steps.map((inputs) => engine.Handle(inputs));
});
process.stdout.write(JSON.stringify(answers), () => process.exit(0));
