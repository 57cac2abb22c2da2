#include "protocol/trust/trust-rows.h"

#define MECHANISM(...)                                                                             \
    {                                                                                              \
        .protocol = VOCABULARY_SPF, .kind = VOCABULARY_MECHANISM, __VA_ARGS__                      \
    }

#define RESULT(...)                                                                                \
    {                                                                                              \
        .protocol = VOCABULARY_SPF, .kind = VOCABULARY_RESULT, __VA_ARGS__                         \
    }

#define RULE(...)                                                                                  \
    {                                                                                              \
        .protocol = VOCABULARY_SPF, .kind = VOCABULARY_RULE, __VA_ARGS__                           \
    }

const VocabularyItem spf_mechanism_rows[] = {
    MECHANISM(
            .token = "all",
            .meaning = "Matches every sender; stands last and tells what happens to the rest.",
            .reference = {7208, "5.1"},
            .since = 4408,
            .syntax = "-all"
    ),
    MECHANISM(
            .token = "include",
            .meaning = "Matches if the SPF record of the named domain passes the sender.",
            .reference = {7208, "5.2"},
            .since = 4408,
            .syntax = "include:domain"
    ),
    MECHANISM(
            .token = "a",
            .meaning = "Matches if the sender's address is an A or AAAA record of the domain.",
            .reference = {7208, "5.3"},
            .since = 4408,
            .syntax = "a:domain/prefix-length"
    ),
    MECHANISM(
            .token = "mx",
            .meaning = "Matches if the sender is one of the domain's own mail hosts.",
            .reference = {7208, "5.4"},
            .since = 4408,
            .syntax = "mx:domain/prefix-length"
    ),
    MECHANISM(
            .token = "ptr",
            .meaning =
                "Matches if the sender's host name lies in the domain; slow, not to be used.",
            .reference = {7208, "5.5"},
            .since = 4408,
            .syntax = "ptr:domain",
            .replaced_by = "a, mx or ip4"
    ),
    MECHANISM(
            .token = "ip4",
            .meaning = "Matches if the sender's address lies in that IPv4 network.",
            .reference = {7208, "5.6"},
            .since = 4408,
            .syntax = "ip4:192.0.2.0/24"
    ),
    MECHANISM(
            .token = "ip6",
            .meaning = "Matches if the sender's address lies in that IPv6 network.",
            .reference = {7208, "5.6"},
            .since = 4408,
            .syntax = "ip6:2001:db8::/32"
    ),
    MECHANISM(
            .token = "exists",
            .meaning = "Matches if the name, made with macros, has an A record.",
            .reference = {7208, "5.7"},
            .since = 4408,
            .syntax = "exists:%{i}.list.domain"
    ),
    MECHANISM(
            .token = "redirect",
            .context = "modifier",
            .meaning = "If nothing matched, the record of that domain decides instead.",
            .reference = {7208, "6.1"},
            .since = 4408,
            .syntax = "redirect=domain"
    ),
    MECHANISM(
            .token = "exp",
            .context = "modifier",
            .meaning = "Names a TXT record whose text explains a fail to the sender.",
            .reference = {7208, "6.2"},
            .since = 4408,
            .syntax = "exp=domain"
    ),
};

const VocabularyItem spf_result_rows[] = {
    RESULT(.token = "none",
           .meaning = "There is no SPF record, or no domain to look it up for.",
           .reference = {7208, "2.6.1"},
           .since = 4408),
    RESULT(.token = "neutral",
           .meaning = "The domain does not want to say whether this host may send for it.",
           .reference = {7208, "2.6.2"},
           .since = 4408),
    RESULT(.token = "pass",
           .meaning = "The host may send mail for this domain.",
           .reference = {7208, "2.6.3"},
           .since = 4408),
    RESULT(.token = "fail",
           .meaning = "The host may not send mail for this domain.",
           .reference = {7208, "2.6.4"},
           .since = 4408),
    RESULT(.token = "softfail",
           .meaning = "The host probably may not send for this domain, which is not quite sure.",
           .reference = {7208, "2.6.5"},
           .since = 4408),
    RESULT(.token = "temperror",
           .meaning = "The check failed for the moment, mostly because DNS did not answer.",
           .reference = {7208, "2.6.6"},
           .since = 4408),
    RESULT(.token = "permerror",
           .meaning = "The record cannot be understood; its owner must mend it.",
           .reference = {7208, "2.6.7"},
           .since = 4408),
    RESULT(.token = "none",
           .context = "what a receiver does",
           .meaning = "SPF gives the receiver no help; other checks decide.",
           .reference = {7208, "8.1"},
           .since = 4408),
    RESULT(.token = "neutral",
           .context = "what a receiver does",
           .meaning = "Treat the message exactly as if the result were none.",
           .reference = {7208, "8.2"},
           .since = 4408),
    RESULT(.token = "pass",
           .context = "what a receiver does",
           .meaning = "The domain answers for the message, so its good name may be judged.",
           .reference = {7208, "8.3"},
           .since = 4408),
    RESULT(.token = "fail",
           .context = "what a receiver does",
           .meaning = "Reject with 550 and 5.7.1 if that is your policy, or mark the message.",
           .reference = {7208, "8.4"},
           .since = 4408),
    RESULT(.token = "softfail",
           .context = "what a receiver does",
           .meaning = "Do not reject for this alone; look more closely at the message.",
           .reference = {7208, "8.5"},
           .since = 4408),
    RESULT(.token = "temperror",
           .context = "what a receiver does",
           .meaning = "Either refuse for now with 451 and 4.4.3, or go on without SPF.",
           .reference = {7208, "8.6"},
           .since = 4408),
    RESULT(.token = "permerror",
           .context = "what a receiver does",
           .meaning = "Either reject with 550 and 5.5.2, or go on without SPF.",
           .reference = {7208, "8.7"},
           .since = 4408),
};

const VocabularyItem spf_rule_rows[] = {
    RULE(.token = "SPF",
         .meaning =
             "Sender Policy Framework: a domain says in the DNS which hosts may send in its name.",
         .reference = {7208, "1"},
         .since = 4408),
    RULE(.token = "v=spf1",
         .meaning = "A record begins with its version; then come mechanisms, read left to right.",
         .reference = {7208, "3"},
         .since = 4408,
         .syntax = "v=spf1 mx ip4:192.0.2.0/24 -all"),
    RULE(.token = "TXT only",
         .meaning = "SPF records are published as TXT; the SPF record type is dropped.",
         .reference = {7208, "3.1"}),
    RULE(.token = "record selection",
         .meaning = "Only records that begin with v=spf1 count; two of them are an error.",
         .reference = {7208, "4.5"},
         .since = 4408),
    RULE(.token = "lookup limit",
         .meaning =
             "A check may cause at most 10 DNS lookups and should meet at most 2 empty ones.",
         .reference = {7208, "4.6.4"},
         .since = 4408),
    RULE(.token = "qualifiers",
         .meaning = "Before a mechanism: + pass, - fail, ~ softfail, ? neutral.",
         .reference = {7208, "4.6.2"},
         .since = 4408),
    RULE(.token = "macros",
         .meaning = "%{s} is the sender, %{d} the domain, %{i} the address, %{h} the HELO name.",
         .reference = {7208, "7.2"},
         .since = 4408),
    RULE(.token = "HELO identity",
         .meaning = "The name that the client gave in HELO or EHLO may be checked too.",
         .reference = {7208, "2.3"},
         .since = 4408),
    RULE(.token = "MAIL FROM identity",
         .meaning = "The domain of the envelope sender is checked; if it is empty, the HELO name.",
         .reference = {7208, "2.4"},
         .since = 4408),
    RULE(.token = "default result",
         .meaning = "If nothing matches and nothing redirects, the result is neutral.",
         .reference = {7208, "4.7"},
         .since = 4408),
    RULE(.token = "SPF in Authentication-Results",
         .meaning = "The result may be noted as spf=result with smtp.mailfrom or smtp.helo.",
         .reference = {7208, "9.2"}),
    RULE(.token = "forwarding",
         .meaning = "A forwarder's host is not in the first sender's record, so SPF fails there.",
         .reference = {7208, "D.2"},
         .since = 4408),
};
