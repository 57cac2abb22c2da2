#include "dissect/conversation/piece-map.h"

static DissectPiece *places(PieceMap *map)
{
    return map->capacity > 0 ? map->many : map->few;
}

static guint room(const PieceMap *map)
{
    return map->capacity > 0 ? map->capacity : PIECE_MAP_INLINE;
}

void piece_map_clear(PieceMap *map)
{
    if (map->capacity > 0) {
        g_free(map->many);
    }
    *map = (PieceMap){0};
}

static void grow(PieceMap *map)
{
    guint capacity = room(map) * 4;
    DissectPiece *many = g_new(DissectPiece, capacity);
    memcpy(many, places(map), map->count * sizeof(DissectPiece));
    if (map->capacity > 0) {
        g_free(map->many);
    }
    map->many = many;
    map->capacity = capacity;
}

static void drop_front(PieceMap *map, guint count)
{
    DissectPiece *all = places(map);
    map->count -= count;
    memmove(all, all + count, map->count * sizeof(DissectPiece));
}

void piece_map_add(PieceMap *map, const DissectPiece *piece)
{
    if (map->count >= PIECE_MAP_MAXIMUM) {
        DissectPiece *all = places(map);
        guint half = map->count / 2;
        all[half - 1].from = all[0].from;
        drop_front(map, half - 1);
    }
    if (map->count == room(map)) {
        grow(map);
    }
    places(map)[map->count++] = *piece;
}

const DissectPiece *piece_map_find(PieceMap *map, guint64 from, guint64 to, guint *out_count)
{
    DissectPiece *all = places(map);
    guint before = 0;
    while (before + 1 < map->count && all[before].to <= from) {
        before++;
    }
    if (before > 0) {
        drop_front(map, before);
    }
    guint count = map->count > 0 ? 1 : 0;
    while (count < map->count && all[count].from < to) {
        count++;
    }
    *out_count = count;
    return all;
}
