import type { ComponentProps, ReactNode } from 'react';

const look = {
  primary: 'bg-accent text-on-accent hover:bg-accent-strong active:bg-accent-strong disabled:opacity-60',
  quiet: 'text-accent hover:bg-hover active:bg-press disabled:opacity-60',
  danger: 'border border-danger text-danger hover:bg-hover active:bg-press disabled:opacity-60',
} as const;

export function Button({
  variant = 'primary',
  className = '',
  ...props
}: ComponentProps<'button'> & { variant?: keyof typeof look }) {
  return (
    <button
      type="button"
      {...props}
      className={`target ring-focus inline-flex items-center justify-center gap-2 rounded-xl px-4 py-2 font-semibold ${look[variant]} ${className}`}
    />
  );
}

/** A button that is only an icon; the label is its name and its tooltip. */
export function IconButton({
  label,
  className = '',
  children,
  ...props
}: ComponentProps<'button'> & { label: string; children: ReactNode }) {
  return (
    <button
      type="button"
      aria-label={label}
      title={label}
      {...props}
      className={`target ring-focus inline-flex size-10 items-center justify-center rounded-full text-ink hover:bg-hover active:bg-press disabled:text-soft ${className}`}
    >
      {children}
    </button>
  );
}

/** A text field with its label, a hint or what is wrong with it. */
export function Field({
  id,
  label,
  hint,
  error,
  end,
  ...props
}: ComponentProps<'input'> & { id: string; label: string; hint?: string; error?: string | undefined; end?: ReactNode }) {
  return (
    <div className="flex flex-col gap-1">
      <label htmlFor={id} className="font-semibold text-second">
        {label}
      </label>
      <div className="relative">
        <input
          id={id}
          {...props}
          aria-describedby={hint || error ? `${id}-hint` : undefined}
          aria-invalid={error ? true : undefined}
          className="ring-focus block h-11 w-full rounded-xl border border-edge bg-raised px-3 text-ink placeholder:text-soft aria-invalid:border-danger"
        />
        {end && <div className="absolute inset-y-0 end-0.5 flex items-center">{end}</div>}
      </div>
      {(hint || error) && (
        <p id={`${id}-hint`} className={`text-second ${error ? 'text-danger' : 'text-soft'}`}>
          {error ?? hint}
        </p>
      )}
    </div>
  );
}
