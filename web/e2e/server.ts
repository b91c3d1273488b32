import { type ChildProcess, execFile, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';

const executable = process.env['PARLEY_EXECUTABLE'] ?? new URL('../../parley', import.meta.url).pathname;

/** Ready within 2.5 s on a machine of its own; tests share theirs. */
const startTimeoutMs = 60_000;

export interface Account {
  name: string;
  password: string;
}

/** A real `parley serve` on a folder of its own and a free port, which it keeps through restarts. */
export class Server {
  readonly #data = mkdtempSync(join(tmpdir(), 'parley-e2e-'));
  #process: ChildProcess | undefined;
  #url = 'http://127.0.0.1:0';

  constructor(readonly options: string[]) {}

  static async start(...options: string[]): Promise<Server> {
    const server = new Server(options);
    await server.restart();
    return server;
  }

  get url(): string {
    return this.#url;
  }

  /** Starts it (again) and returns when it says that it is ready. */
  async restart(): Promise<void> {
    const given = ['serve', '--data', this.#data, '--urls', this.#url, ...this.options];
    const child = spawn(executable, given, { stdio: ['ignore', 'pipe', 'pipe'] });
    this.#process = child;
    const said: string[] = [];
    const deadline = setTimeout(() => child.kill('SIGKILL'), startTimeoutMs);
    child.stderr.on('data', (text: Buffer) => said.push(text.toString()));
    for await (const line of createInterface({ input: child.stdout })) {
      const url = /^ready (\S+)/.exec(line)?.[1];
      if (!url) continue;
      clearTimeout(deadline);
      this.#url = url;
      child.stdout.resume();
      return;
    }
    throw new Error(`The server did not start:\n${said.join('')}`);
  }

  /** Messages to `to` from the command line of a device of its own, as many as there are lines. */
  sendLines(from: Account, to: string, lines: string[]): void {
    const profile = ['--profile', join(`${this.#data}-profiles`, `${from.name}-profile`)];
    const run = (args: string[], input: string) =>
      execFileSync(executable, [...args, ...profile], { input, stdio: ['pipe', 'ignore', 'pipe'] });
    if (!existsSync(profile[1] as string))
      run(['login', '--server', this.#url, '--name', from.name, '--password-stdin'], `${from.password}\n`);
    run(['send', '--to', to, '--lines'], lines.join('\n'));
  }

  /** A new invite's link, for one account. */
  async invite(): Promise<string> {
    const { stdout } = await promisify(execFile)(executable, ['admin', 'invites', 'create', '--data', this.#data, '--json']);
    return JSON.parse(stdout).url;
  }

  /** kill -9, as when the machine goes. */
  async kill(): Promise<void> {
    await this.#end('SIGKILL');
  }

  async stop(): Promise<void> {
    await this.#end('SIGKILL');
    for (const folder of [this.#data, `${this.#data}-profiles`]) rmSync(folder, { recursive: true, force: true });
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    const child = this.#process;
    this.#process = undefined;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, 'exit');
    child.kill(signal);
    await exited;
  }
}
