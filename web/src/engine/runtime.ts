import type { EngineEffect, TimedInput } from './boundary.ts';

/** The engine: an array of inputs in, the effects out. A call that throws leaves it in doubt; the worker must end. */
export type Handle = (inputs: TimedInput[]) => EngineEffect[];

interface DotnetModule {
  dotnet: { create(): Promise<DotnetRuntime> };
}

interface DotnetRuntime {
  getConfig(): { mainAssemblyName: string };
  getAssemblyExports(
    assembly: string,
  ): Promise<{ Parley: { Engine: { Browser: { Program: { Handle(inputs: string): string } } } } }>;
}

/**
 * Starts the .NET runtime in this worker. Nobody may have assigned `self.onmessage` before: `create()` would then never return.
 * The path is not known to the bundler, since the loader finds its own parts beside it.
 */
export async function startRuntime(): Promise<Handle> {
  const loader = new URL('/engine/dotnet.js', self.location.origin).href;
  const { dotnet } = (await import(/* @vite-ignore */ loader)) as DotnetModule;
  const runtime = await dotnet.create();
  const exports = await runtime.getAssemblyExports(runtime.getConfig().mainAssemblyName);
  const program = exports.Parley.Engine.Browser.Program;
  return (inputs) => JSON.parse(program.Handle(JSON.stringify(inputs))) as EngineEffect[];
}
