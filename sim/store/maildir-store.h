#pragma once

/* The mail store on disk: one Maildir++ for each account, which mutt and others may open beside us.
 *
 *     root/bob@hamburger.edu/{tmp,new,cur}      INBOX
 *                           /.Projects.2022/    "Projects/2022": dots part the levels
 *                           /mailwalk-index     UIDs, keywords, what has no place in file names
 *
 * A delivery is written to tmp, flushed, and renamed into new: before the rename there is no
 * message, after it there is one. UIDs are kept in a small index that is replaced as a whole under
 * a lock; whatever others add, rename or remove is taken in on the next refresh. Names of accounts
 * and folders are coded so that none can leave its place. */

#include "sim/store/mail-store.h"

typedef struct {
    bool skips_flush; /* tests and throw-away worlds: no fsync; a power failure may lose mail */
} MaildirOptions;

/* Makes the folder 'root' where it is missing. 'options' may be NULL. */
MailStore *maildir_store_new(const char *root, const MaildirOptions *options, GError **error);
