#include "ui/cli/talk-letters.h"

#include <string.h>

#define FIRST_SECONDS G_GINT64_CONSTANT(1795771800) /* 27 November 2026, 9:30 */
#define APART_SECONDS 900

/* Each has the recipient's address at its "%s". */
static const char plain[] =
    "Return-Path: <alice@crepes.fr>\r\n"
    "Received: from mail.crepes.fr (mail.crepes.fr [198.51.100.10])\r\n"
    " by mail.hamburger.edu with ESMTP id TALK1; Fri, 27 Nov 2026 09:30:00 +0000\r\n"
    "From: Alice <alice@crepes.fr>\r\n"
    "To: <%s>\r\n"
    "Subject: Ketchup\r\n"
    "Date: Fri, 27 Nov 2026 09:29:58 +0000\r\n"
    "Message-ID: <ketchup.1@crepes.fr>\r\n"
    "\r\n"
    "Do you like ketchup?\r\n"
    "How about pickles?\r\n"
    "Alice\r\n";

static const char attached[] =
    "Return-Path: <carol@crepes.fr>\r\n"
    "Received: from mail.crepes.fr (mail.crepes.fr [198.51.100.10])\r\n"
    " by mail.hamburger.edu with ESMTP id TALK2; Fri, 27 Nov 2026 09:45:00 +0000\r\n"
    "From: Carol <carol@crepes.fr>\r\n"
    "To: <%s>\r\n"
    "Subject: The menu\r\n"
    "Date: Fri, 27 Nov 2026 09:44:58 +0000\r\n"
    "Message-ID: <menu.2@crepes.fr>\r\n"
    "MIME-Version: 1.0\r\n"
    "Content-Type: multipart/mixed; boundary=\"next-part\"\r\n"
    "\r\n"
    "--next-part\r\n"
    "Content-Type: text/plain; charset=us-ascii\r\n"
    "\r\n"
    "The menu for tomorrow is in the attachment.\r\n"
    "Carol\r\n"
    "\r\n"
    "--next-part\r\n"
    "Content-Type: text/plain; charset=us-ascii; name=\"menu.txt\"\r\n"
    "Content-Disposition: attachment; filename=\"menu.txt\"\r\n"
    "Content-Transfer-Encoding: base64\r\n"
    "\r\n"
    "Q3JlcGUgd2l0aCBjaGVlc2UgIDQuNTANCkhhbWJ1cmdlciAgICAgICAgICAzLjIwDQpLZXRj\r\n"
    "aHVwICAgICAgICAgICAgMC4zMA0K\r\n"
    "\r\n"
    "--next-part--\r\n";

static const char *const letters[] = {plain, attached};

static GBytes *letter_to(const char *letter, const char *address)
{
    g_auto(GStrv) pieces = g_strsplit(letter, "%s", 2);
    char *text = g_strjoinv(address, pieces);
    return g_bytes_new_take(text, strlen(text));
}

bool talk_letters_deliver(LoopbackHouse *house, const Scenario *scenario, GError **error)
{
    for (guint i = 0; i < scenario->people->len; i++) {
        const char *address = g_array_index(scenario->people, ScenarioPerson, i).address;
        for (gsize j = 0; j < G_N_ELEMENTS(letters); j++) {
            g_autoptr(GBytes) octets = letter_to(letters[j], address);
            gint64 seconds = FIRST_SECONDS + (gint64)j * APART_SECONDS;
            if (!loopback_house_deliver(house, address, octets, seconds, error)) {
                return false;
            }
        }
    }
    return true;
}
