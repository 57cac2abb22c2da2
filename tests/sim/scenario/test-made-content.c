#include "tests/support/test.h"

#include "sim/scenario/made-content.h"

#include <string.h>

/* Made attachments: of the type that their name says, of about the size that is wanted, alike every
 * time, and images with all the marks of their format. */

static void test_types(void **state)
{
    (void)state;
    assert_string_equal(made_content_type("picnic.png"), "image/png");
    assert_string_equal(made_content_type("CREPE.JPG"), "image/jpeg");
    assert_string_equal(made_content_type("recipe.txt"), "text/plain");
    assert_string_equal(made_content_type("program"), "application/octet-stream");
    assert_string_equal(made_content_type("png"), "application/octet-stream");
}

static void test_sizes(void **state)
{
    (void)state;

    static const struct {
        const char *name;
        guint64 size;
        gsize least;
        gsize most;
    } cases[] = {
        {"a.txt", 100, 100, 100},
        {"a.txt", 0, MADE_CONTENT_USUAL, MADE_CONTENT_USUAL},
        {"a.bin", 777, 777, 777},
        {"a.jpg", 900, 900, 900},
        {"a.jpg", 1, 100, 200}, /* as small as it can be */
        {"a.jpg", 200000, 199990, 200010},
        {"a.png", 20000, 19900, 20200},
        {"a.png", 200000, 199900, 200300},
        {"a.png", 1, 60, 150},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GBytes) once = made_content(cases[i].name, cases[i].size);
        g_autoptr(GBytes) again = made_content(cases[i].name, cases[i].size);
        gsize length = g_bytes_get_size(once);
        assert_true(length >= cases[i].least);
        assert_true(length <= cases[i].most);
        assert_true(g_bytes_equal(once, again));
    }
}

static guint32 number_at(const guint8 *octets)
{
    return (guint32)octets[0] << 24 | (guint32)octets[1] << 16 | (guint32)octets[2] << 8 |
           octets[3];
}

static void test_png_chunks_reach_the_end(void **state)
{
    (void)state;
    g_autoptr(GBytes) content = made_content("a.png", 100000);
    gsize length;
    const guint8 *octets = g_bytes_get_data(content, &length);
    static const char *const types[] = {"IHDR", "IDAT", "IEND"};
    gsize at = 8;
    assert_memory_equal(octets, "\x89PNG\r\n\x1a\n", 8);
    for (gsize i = 0; i < G_N_ELEMENTS(types); i++) {
        assert_true(at + 12 <= length);
        assert_memory_equal(octets + at + 4, types[i], 4);
        at += number_at(octets + at) + 12;
    }
    assert_int_equal(at, length);
    /* The check value of an empty IEND is the same in every PNG. */
    assert_int_equal(number_at(octets + length - 4), 0xae426082);
}

static void test_jpeg_segments_reach_the_scan(void **state)
{
    (void)state;
    g_autoptr(GBytes) content = made_content("a.jpg", 150000);
    gsize length;
    const guint8 *octets = g_bytes_get_data(content, &length);
    gsize at = 2;
    assert_memory_equal(octets, "\xff\xd8", 2);
    while (octets[at + 1] != 0xda) {
        assert_int_equal(octets[at], 0xff);
        at += (gsize)(octets[at + 2] << 8 | octets[at + 3]) + 2;
        assert_true(at + 4 < length);
    }
    assert_memory_equal(octets + length - 2, "\xff\xd9", 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_types),
        cmocka_unit_test(test_sizes),
        cmocka_unit_test(test_png_chunks_reach_the_end),
        cmocka_unit_test(test_jpeg_segments_reach_the_scan),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
