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
  await alice.send('buy milk');
  await expect(alice.chatRow('Notes to self')).toContainText('buy milk');

  await alice.page.getByRole('button', { name: 'New chat' }).click();
  await alice.page.getByRole('button', { name: 'New group' }).click();
  await alice.page.getByLabel('Title of the group').fill('Friday');
  await alice.page.getByLabel('Add members by name').fill(bob.name);
  await alice.page.getByRole('button', { name: `@${bob.name}` }).click();
  await alice.page.getByRole('button', { name: 'Create group' }).click();
  await alice.send('who brings the cake?');
  await bob.chatRow('Friday').click();
  await expect(bob.message('who brings the cake?')).toBeVisible();
  await expect(bob.page.getByText('2 members')).toBeVisible();
  await expect(alice.ticks('who brings the cake?')).toHaveAccessibleName('Read');
});

test('a message the server refuses fails in place, and what follows goes through', async ({ signUp }) => {
  const alice = await signUp('Alice');
  const bob = await signUp('Bob');
  await alice.startChat(bob);
  await alice.send('x'.repeat(70_000));
  await alice.send('a short one');
  await expect(alice.page.getByText('Not sent.')).toBeVisible();
  await expect(alice.ticks('a short one')).toHaveAccessibleName('Delivered');
  await alice.page.getByRole('button', { name: 'Delete' }).click();
  await expect(alice.page.getByText('Not sent.')).toBeHidden();
});
