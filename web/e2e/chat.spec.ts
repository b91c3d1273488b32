import type { Page } from '@playwright/test';
import { expect, test } from './fixtures.ts';

test('two windows chat through a kill -9 of the server, and ticks reach read', async ({ signUp, server }) => {
  const alice = await signUp('Alice');
  const bob = await signUp('Bob');
  await alice.startChat(bob);
  await alice.send('are you there?');

  // Two ticks once bob's device has it, unread until he opens the chat, read then.
  await expect(alice.ticks('are you there?')).toHaveAccessibleName('Delivered');
  await expect(bob.chatRow('Alice').getByLabel('1 unread message')).toBeVisible();
  await bob.chatRow('Alice').click();
  await expect(bob.message('are you there?')).toBeVisible();
  await expect(alice.ticks('are you there?')).toHaveAccessibleName('Read');
  await expect(bob.chatRow('Alice').getByLabel('1 unread message')).toBeHidden();

  await bob.send('yes, before');
  await expect(alice.message('yes, before')).toBeVisible();
  await server.kill();
  await expect(alice.status).toContainText('The server cannot be reached');
  await alice.send('written while it was down');
  await expect(alice.ticks('written while it was down')).toHaveAccessibleName('Waiting to be sent');
  await server.restart();

  await expect(bob.message('written while it was down')).toBeVisible({ timeout: 30_000 });
  await expect(alice.ticks('written while it was down')).toHaveAccessibleName('Read');
  await bob.send('and after');
  await expect(alice.message('and after')).toBeVisible();
  await expect(alice.status).toBeHidden();
  await expect(alice.page.locator('ol li').filter({ hasText: 'written while it was down' })).toHaveCount(1);
});

test('notes to self and a group with its members', async ({ signUp }) => {
  const alice = await signUp('Alice');
  const bob = await signUp('Bob');
  await alice.page.getByRole('button', { name: 'New chat' }).click();
  await alice.page.getByRole('button', { name: 'Notes to self' }).click();
  await expect(alice.page.getByRole('heading', { name: 'Notes to self' })).toBeVisible();
  await alice.send('buy milk');
  await expect(alice.chatRow('Notes to self')).toContainText('buy milk');

  await alice.page.getByRole('button', { name: 'New chat' }).click();
  await alice.page.getByRole('button', { name: 'New group' }).click();
  await alice.page.getByLabel('Title of the group').fill('Friday');
  await alice.page.getByLabel('Add members by name').fill(bob.name);
  await alice.page.getByRole('button', { name: `@${bob.name}` }).click();
  await alice.page.getByRole('button', { name: 'Create group' }).click();
  await expect(alice.page.getByRole('heading', { name: 'Friday' })).toBeVisible();
  await alice.send('who brings the cake?');
  await bob.chatRow('Friday').click();
  await expect(bob.message('who brings the cake?')).toBeVisible();
  await expect(bob.page.getByText('2 members')).toBeVisible();
  await expect(alice.ticks('who brings the cake?')).toHaveAccessibleName('Read');
});

test('a text too long for a message is not taken from the field', async ({ signUp }) => {
  const alice = await signUp('Alice');
  const bob = await signUp('Bob');
  await alice.startChat(bob);
  const text = 'x'.repeat(70_000);
  await alice.send(text);
  await expect(alice.page.getByRole('alert')).toContainText('too long');
  await expect(alice.composer).toHaveValue(text);
  await alice.send('a short one');
  await expect(alice.ticks('a short one')).toHaveAccessibleName('Delivered');
});

test('a refused message stays in place and is sent again on request', async ({ signUp }) => {
  const alice = await signUp('Alice');
  const bob = await signUp('Bob');
  await alice.startChat(bob);
  await alice.send('one that works');
  await expect(alice.ticks('one that works')).toHaveAccessibleName('Delivered');

  // What the engine leaves in the store when the server has refused a message for good: put there while it waits.
  await alice.context.route('**/api/v1/tickets', (route) => route.abort());
  await alice.page.reload();
  await alice.send('refused by the server');
  await expect.poll(() => failPending(alice.page)).toBe(1);
  await alice.page.reload();
  const failed = alice.page.locator('ol li').filter({ hasText: 'refused by the server' });
  await expect(failed.getByText('Not sent.')).toBeVisible();
  await alice.context.unroute('**/api/v1/tickets');
  await failed.getByRole('button', { name: 'Retry' }).click();
  await expect(alice.ticks('refused by the server')).toHaveAccessibleName('Delivered', { timeout: 30_000 });
});

/** Marks every waiting message in the device's store as refused; answers how many there were. */
function failPending(page: Page): Promise<number> {
  return page.evaluate(async () => {
    const [database] = await indexedDB.databases();
    const open = indexedDB.open(database?.name ?? '');
    const store = await new Promise<IDBDatabase>((resolve, reject) => {
      open.onsuccess = () => resolve(open.result);
      open.onerror = () => reject(open.error);
    });
    const table = store.transaction('outbox', 'readwrite').objectStore('outbox');
    const rows = await new Promise<object[]>((resolve) => {
      const all = table.getAll();
      all.onsuccess = () => resolve(all.result);
    });
    for (const row of rows) table.put({ ...row, state: 'failed', errorCode: 'not_allowed' });
    await new Promise((resolve) => table.transaction.addEventListener('complete', resolve));
    store.close();
    return rows.length;
  });
}
