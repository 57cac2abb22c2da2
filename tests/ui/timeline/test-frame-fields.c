#include "tests/support/test.h"

#include "ui/timeline/frame-fields.h"

/* Whatever a frame holds, each of its octets belongs to a layer. */

#define ETHERNET(type_) 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 2, 0, 0, 0, 0, 5, 8, (type_)

static const guint8 padded_arp[60] = {
    ETHERNET(6), 0, 1, 8,  0, 6, 4, 0, 1, 2, 0,   0, 0, 0,  5,
    192,         0, 2, 11, 0, 0, 0, 0, 0, 0, 192, 0, 2, 13,
};

/* The first part of a datagram, sixteen octets: more fragments follow. */
static const guint8 fragment[] = {ETHERNET(0), 0x45, 0,    0,    36,   0,    7,  0x20, 0,    64,
                                  6,           0,    0,    192,  0,    2,    10, 198,  51,   100,
                                  1,           0,    0x19, 0,    0x19, 0,    1,  0xe2, 0x40, 0,
                                  0,           0,    0,    0x50, 0x18, 0x20, 0};

/* No type that is known. */
static const guint8 unknown[] = {ETHERNET(0x99), 1, 2, 3};

static void test_every_octet_has_a_layer(void **state)
{
    static const struct {
        const guint8 *octets;
        guint length;
        const char *layers;
        const char *meaning; /* of the last field */
    } cases[] = {
        {padded_arp, sizeof padded_arp, "Ethernet ARP rest ", "behind the packet"},
        {fragment, sizeof fragment, "Ethernet IPv4 fragment ", "a part of a datagram"},
        {unknown, sizeof unknown, "Ethernet rest ", "behind the packet"},
    };

    (void)state;
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        CaptureFrame frame = {
            .number = 1,
            .link_type = 1,
            .captured_length = cases[i].length,
            .original_length = cases[i].length,
            .data = cases[i].octets,
        };
        g_autoptr(FrameFields) fields = frame_fields_new(&frame, "");
        g_autoptr(GString) names = g_string_new(NULL);
        guint next = 0;
        for (guint layer = 0; layer < fields->layers->len; layer++) {
            const FrameLayer *one = &g_array_index(fields->layers, FrameLayer, layer);
            assert_int_equal(one->offset, next);
            next += one->length;
            g_string_append_printf(names, "%s ", one->name);
        }
        assert_int_equal(next, cases[i].length);
        assert_string_equal(names->str, cases[i].layers);
        const FrameField *last =
            &g_array_index(fields->fields, FrameField, fields->fields->len - 1);
        assert_true(g_str_has_prefix(last->meaning, cases[i].meaning));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_octet_has_a_layer),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
