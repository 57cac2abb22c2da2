/* A client that says anything to an IMAP session on a mail store: whole, and in pieces with output
 * taken in pieces too, the session must say the same. */

#include "sim/agent/access-accounts.h"
#include "sim/agent/imap-session.h"
#include "sim/network/world.h"
#include "sim/store/memory-store.h"
#include "tests/fuzz/fuzz-dialogue.h"

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size);

#define ACCOUNT "bob@hamburger.edu"

static const char *const messages[] = {
    "From: Alice <alice@crepes.fr>\r\nSubject: Condiments\r\n"
    "Date: Mon, 5 Jan 2026 09:00:00 +0000\r\n\r\nDo you like ketchup?\r\n",
    "Subject: =?utf-8?B?R3LDvMOfZQ==?=\r\nMIME-Version: 1.0\r\n"
    "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n"
    "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    "U8O8w59lciBTZW5m\r\n--b\r\nContent-Type: message/rfc822\r\n\r\nSubject: In\r\n\r\nside\r\n"
    "--b--\r\n",
};

static MailStore *make_store(void)
{
    MailStore *store = memory_store_new();
    mail_store_add_account(store, ACCOUNT, NULL);
    for (gsize i = 0; i < G_N_ELEMENTS(messages); i++) {
        g_autoptr(GBytes) octets = g_bytes_new_static(messages[i], strlen(messages[i]));
        mail_store_deliver(store, ACCOUNT, "INBOX", octets, 1767603600, NULL, NULL);
    }
    return store;
}

static void take_output(ImapSession *session, gsize piece, guint64 *said)
{
    for (ByteSpan output = imap_session_owner.output(session); output.length > 0;
         output = imap_session_owner.output(session)) {
        gsize taken = MIN(piece, output.length);
        for (gsize i = 0; i < taken; i++) {
            fuzz_mix(said, output.data[i]);
        }
        imap_session_owner.consume(session, taken);
    }
}

static guint64 serve(ByteSpan input, gsize piece)
{
    guint64 said = 0;
    SimAddress peer = sim_address_ipv4(192, 0, 2, 7);
    SimWorld *world = sim_world_new(1);
    MailStore *store = make_store();
    AccessAccounts *accounts = access_accounts_new(world, NULL, store, "hamburger.edu", 1);
    access_accounts_add_user(accounts, "b", "p", ACCOUNT);
    ImapSession *session = imap_session_new(accounts, &peer, NULL);
    for (gsize at = 0; at < input.length; at += MIN(piece, input.length - at)) {
        ByteSpan part = byte_span_slice(input, at, piece);
        guint8 *copy = g_memdup2(part.data, part.length);
        imap_session_owner.receive(session, byte_span(copy, part.length));
        g_free(copy);
        take_output(session, piece, &said);
    }
    imap_session_owner.ended(session, SIM_TCP_ERROR_NONE);
    access_accounts_free(accounts);
    mail_store_free(store);
    sim_world_free(world);
    return said;
}

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size)
{
    if (size > 0 && size < 100000) {
        ByteSpan input = byte_span(data + 1, size - 1);
        guint64 whole = serve(input, G_MAXSIZE);
        guint64 pieces = serve(input, (data[0] & 0x0f) + 1u);
        g_assert(whole == pieces);
    }
    return 0;
}
