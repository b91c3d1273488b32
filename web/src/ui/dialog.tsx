import { type ReactNode, useEffect, useRef } from 'react';
import { createPortal } from 'react-dom';
import { useTranslation } from 'react-i18next';
import { IconButton } from './controls.tsx';
import { CloseIcon } from './icons.tsx';

/**
 * A modal dialog: the browser's own, which keeps the focus inside, makes the rest inert and moves nothing behind it. It stands outside
 * of the panes: one that is hidden when the window becomes narrow would hide it too, and leave the page inert.
 */
export function Dialog({ title, onClose, children }: { title: string; onClose(): void; children: ReactNode }) {
  const { t } = useTranslation();
  const element = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const dialog = element.current;
    if (!dialog || dialog.open) return;
    dialog.showModal();
    // By itself the focus would go to the first control, which closes the dialog.
    dialog.querySelector('input')?.focus();
  }, []);
  return createPortal(
    <dialog
      ref={element}
      aria-labelledby="dialog-title"
      onClose={onClose}
      className="m-auto w-[min(440px,calc(100%-2rem))] rounded-3xl rounded-es-md bg-surface p-0 text-ink open:flex open:max-h-[min(640px,calc(100%-2rem))] open:flex-col"
    >
      <header className="flex items-center gap-2 ps-5 pe-2 pt-3 pb-1">
        <h2 id="dialog-title" className="flex-1 font-semibold text-head">
          {title}
        </h2>
        <IconButton label={t('newChat.close')} onClick={onClose}>
          <CloseIcon />
        </IconButton>
      </header>
      {children}
    </dialog>,
    document.body,
  );
}
