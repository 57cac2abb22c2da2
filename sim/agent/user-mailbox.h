#pragma once

/* The mailbox of the first mail programs: a file in the user's directory, to which everybody may
 * add at the end and which only the owner may read and write. No protocol, no server, no network;
 * reading mail is having the file typed out. */

#include "sim/network/host.h"

#define USER_MAILBOX_MAXIMUM (1024 * 1024)

typedef struct UserMailbox UserMailbox;

UserMailbox *user_mailbox_new(SimHost *host, const char *owner);
void user_mailbox_free(UserMailbox *mailbox);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(UserMailbox, user_mailbox_free)

/* Adds the text behind a line that says from whom and when. False: the file is full. */
bool user_mailbox_append(UserMailbox *mailbox, const char *from, const char *text);

/* Has the file typed out, each line as an event of 'reader'. */
void user_mailbox_show(const UserMailbox *mailbox, const char *reader);

const char *user_mailbox_text(const UserMailbox *mailbox);
