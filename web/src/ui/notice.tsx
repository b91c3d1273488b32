import type { ReactNode } from 'react';
import { Mark } from './mark.tsx';

/** A page that says one thing. */
export function Notice({ title, body, children }: { title: string; body: string; children?: ReactNode }) {
  return (
    <main className="paper flex h-full items-center justify-center overflow-auto p-4">
      <div className="flex w-full max-w-[440px] flex-col gap-4 rounded-3xl rounded-es-md bg-surface p-6">
        <Mark />
        <h1 className="font-semibold text-page">{title}</h1>
        <p>{body}</p>
        {children}
      </div>
    </main>
  );
}
