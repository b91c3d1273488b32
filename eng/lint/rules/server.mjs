// The folder law inside src/Parley.Server, and the purity of the two state machines.
import { findAll, lineAt } from '../tree.mjs';

// What three folders share may be named by all. Composition (Host) and the database's model (Data) name all.
const common = ['Kernel', 'Data'];
const spine = ['Edge', 'Delivery'];
const composition = ['Host'];
// The types a room shows to the others: its root type, and what the root type hands out.
const doors = {
  Edge: ['Sessions'],
  Delivery: [],
  Accounts: ['Accounts', 'AccountRow', 'Person'],
  Devices: ['Devices', 'DeviceList', 'Device', 'DeviceName', 'Caller', 'Tickets'],
};

const inServer = /^src\/Parley\.Server\/([^/]+)\/.*\.cs$/;
const declaration = /^(?:(?:public|internal|static|sealed|abstract|readonly|partial|file|ref)\s+)*(?:class|struct|interface|enum|record(?:\s+struct)?)\s+(\w+)/gm;

function roomsOf(tree) {
  const rooms = new Map();
  for (const path of tree.files(inServer)) {
    const [, room] = path.match(inServer);
    if (!rooms.has(room)) rooms.set(room, new Set());
    for (const match of tree.code(path).matchAll(declaration)) rooms.get(room).add(match[1]);
  }
  return rooms;
}

/** From which rooms a file may take only the door. */
function guarded(from, to) {
  if (from === to || composition.includes(from) || from === 'Data' || common.includes(to)) return false;
  if (spine.includes(from)) return !spine.includes(to);
  return true;
}

// A type's name where a type stands; `string DeviceName,` is a member of that name.
function findUse(code, room, type) {
  for (const match of code.matchAll(new RegExp(`(?<![\\w.])(?:(?:Parley\\.Server\\.)?${room}\\.)?${type}(?!\\w)`, 'g'))) {
    const before = code.slice(Math.max(0, match.index - 40), match.index);
    const isMember = /(?<!\b(?:new|return|is|as|in|out|ref|case|await|params|readonly|static|this))[\w?>\]]\s+$/.test(before);
    const after = code.slice(match.index + match[0].length);
    if (isMember && /^\s*(?:[,);={(]|=>)/.test(after)) continue;
    return match;
  }
  return null;
}

function checkFolders(tree) {
  const rooms = roomsOf(tree);
  const findings = [];
  for (const path of tree.files(inServer)) {
    const [, from] = path.match(inServer);
    const code = tree.code(path);
    for (const [to, types] of rooms) {
      if (!guarded(from, to)) continue;
      if (composition.includes(to)) {
        for (const match of code.matchAll(new RegExp(`\\bParley\\.Server\\.${to}\\b`, 'g')))
          if (!match.input.slice(0, match.index).endsWith('namespace '))
            findings.push({ path, line: lineAt(code, match.index), what: `${from} -> ${to}` });
        continue;
      }
      if (!new RegExp(`\\b(?:Parley\\.Server\\.)?${to}(?:\\.\\w|;)`).test(code)) continue;
      for (const type of types) {
        if ((doors[to] ?? [to]).includes(type) || rooms.get(from).has(type)) continue;
        const match = findUse(code, to, type);
        if (match) findings.push({ path, line: lineAt(code, match.index), what: `${from} names ${to}.${type}, which is behind that room's door` });
      }
    }
  }
  return findings;
}

// A state machine sees only its inputs: no clock, socket, file, task, lock or random number of its own.
const pure = /^src\/Parley\.(?:Engine|Mls)\/.*\.cs$|^src\/Parley\.Server\/Delivery\/Lanes\/.*\.cs$/;
const impure =
  /\basync\b|\bawait\b|\b(?:Value)?Task\b(?:<|\s+\w)|\bTimeProvider\b|\bRandomNumberGenerator\b|\bRandom\.Shared\b|\block\s*\(|\bInterlocked\.|\busing System\.(?:IO|Net|Threading)\b|\bEnvironment\.|\bStopwatch\b/g;

const server = (files) => Object.fromEntries(Object.entries(files).map(([path, text]) => [`src/Parley.Server/${path}`, text]));

export const rules = [
  {
    name: 'folder-law',
    why: 'rooms meet through their doors; a slice never hooks into the spine',
    check: checkFolders,
    good: [
      server({ 'Accounts/Accounts.cs': 'sealed class Accounts { }', 'Devices/Devices.cs': 'using Parley.Server.Accounts;\nsealed class Devices(Accounts a) { }' }),
      server({ 'Edge/Session.cs': 'sealed class Session { }', 'Delivery/Lane.cs': 'using Parley.Server.Edge;\nsealed class Lane(Session s) { }' }),
      server({ 'Devices/Row.cs': 'sealed class Row { }', 'Host/Server.cs': 'using Parley.Server.Devices;\nsealed class Server(Row r) { }' }),
      server({ 'Kernel/Clock.cs': 'sealed class Clock { }', 'Devices/Row.cs': 'using Parley.Server.Kernel;\nsealed class Row(Clock c) { }' }),
    ],
    bad: [
      server({ 'Accounts/Names.cs': 'sealed class Names { }', 'Devices/Devices.cs': 'using Parley.Server.Accounts;\nsealed class Devices(Names n) { }' }),
      server({ 'Edge/Outbox.cs': 'sealed class Outbox { }', 'Devices/Devices.cs': 'using Parley.Server.Edge;\nsealed class Devices(Outbox o) { }' }),
      server({ 'Devices/Row.cs': 'sealed class Row { }', 'Edge/Session.cs': 'using Parley.Server.Devices;\nsealed class Session(Row r) { }' }),
      server({ 'Host/Settings.cs': 'sealed class Settings { }', 'Edge/Session.cs': 'using Parley.Server.Host;\nsealed class Session(Settings s) { }' }),
    ],
  },
  {
    name: 'pure-cores',
    why: 'what the simulator proves must be all there is: input + state -> state + effects',
    check: (tree) => findAll(tree, pure, impure, (match) => match[0].trim()),
    good: [{ 'src/Parley.Engine/Sync/Gap.cs': '// no Task here\nsealed class Gap { ulong _applied; }' }, { 'src/Parley.Server/Delivery/ShardLane.cs': 'lock (_gate) { }' }],
    bad: [
      { 'src/Parley.Engine/Sync/Gap.cs': 'using System.IO;' },
      { 'src/Parley.Engine/Outbox/A.cs': 'async Task RunAsync() { }' },
      { 'src/Parley.Server/Delivery/Lanes/Lane.cs': 'lock (_gate) { }' },
    ],
  },
];
