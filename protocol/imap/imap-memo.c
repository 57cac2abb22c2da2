#include "protocol/imap/imap-memo.h"

#include "protocol/rfc/vocabulary-search.h"

static gsize place_of(ByteSpan name)
{
    return name.length == 0 ? 0 : (name.data[0] % 32u + 7 * name.length) % IMAP_MEMO_PLACES;
}

static void forget_other_revision(ImapMemo *memo, ImapRevision revision)
{
    if (memo->revision != revision) {
        *memo = (ImapMemo){.revision = revision};
    }
}

static bool is_named(const VocabularyItem *item, ByteSpan name)
{
    return vocabulary_compare_tokens(name, item->token) == 0;
}

const ImapCommandRow *imap_memo_command(ImapMemo *memo, ByteSpan name, ImapRevision revision)
{
    forget_other_revision(memo, revision);
    const ImapCommandRow **place = &memo->commands[place_of(name)];
    if (*place == NULL || !is_named(&(*place)->item, name)) {
        *place = imap_command_find(name, revision);
    }
    return *place;
}

const VocabularyItem *imap_memo_response(ImapMemo *memo, ByteSpan name, ImapRevision revision)
{
    forget_other_revision(memo, revision);
    const VocabularyItem **place = &memo->responses[place_of(name)];
    if (*place == NULL || !is_named(*place, name)) {
        *place = imap_response_find(name, revision);
    }
    return *place;
}

const VocabularyItem *imap_memo_status(
    ImapMemo *memo, ByteSpan status, const ImapCommandRow *command, ImapRevision revision
)
{
    forget_other_revision(memo, revision);
    gsize place = (place_of(status) + (command == NULL ? 0 : command->id)) % IMAP_MEMO_PLACES;
    const VocabularyItem *item = memo->statuses[place].item;
    if (item == NULL || memo->statuses[place].command != command || !is_named(item, status)) {
        item = imap_status_find(status, command, revision);
        memo->statuses[place].item = item;
        memo->statuses[place].command = command;
    }
    return item;
}
