import { DropdownMenu } from 'radix-ui';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { IconButton } from './controls.tsx';
import { useClient } from './hooks.ts';
import { LogOutIcon, MenuIcon } from './icons.tsx';
import { LogOutDialog } from './log-out-dialog.tsx';

export function AccountMenu() {
  const { t } = useTranslation();
  const { session } = useClient();
  const [leaving, setLeaving] = useState(false);
  // Not modal: Radix would put a style element into the page to hold its scroll, which the content security policy refuses.
  return (
    <DropdownMenu.Root modal={false}>
      <DropdownMenu.Trigger asChild>
        <IconButton label={t('list.menu')}>
          <MenuIcon />
        </IconButton>
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content align="end" sideOffset={4} className="z-20 min-w-56 rounded-2xl border border-edge bg-raised p-2">
          <DropdownMenu.Label className="px-3 py-2">
            <bdi className="name font-semibold">{session.account.displayName}</bdi>
            <bdi className="text-second text-soft">{t('newChat.handle', { name: session.account.name })}</bdi>
          </DropdownMenu.Label>
          <DropdownMenu.Item
            onSelect={() => setLeaving(true)}
            className="target flex items-center gap-3 rounded-xl px-3 py-2 outline-none data-highlighted:bg-hover data-highlighted:outline-2 data-highlighted:outline-accent"
          >
            <LogOutIcon />
            {t('list.logOut')}
          </DropdownMenu.Item>
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
      {leaving && <LogOutDialog onClose={() => setLeaving(false)} />}
    </DropdownMenu.Root>
  );
}
