/*
 * verify.c - checks a published draw. One file, the C library, nothing of the program that drew:
 *
 *     cc -DPILOT_VERIFY_ALONE -I. plugins/pilot/panel/verify.c -o verify && ./verify FOLDER
 *
 * It hashes every file and line again, finds out from the attributes which quotas each applicant
 * belongs to, counts every panel of the lottery, how often each applicant is on one, and whether
 * any panel exceeds a certificate; then it draws again from the seed. It does not prove the chances
 * to be the best possible: for that a certificate must hold for all valid panels, not only for
 * those of the lottery. README.md has the formats and the rule of the draw.
 */
#include "plugins/pilot/panel/verify.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum what {
    FINE,
    MISSING,
    MANIFEST_FORM,
    MANIFEST_CHANGED,
    FILE_CHANGED,
    FORM,
    CONDITIONS,
    TOO_LARGE,
    PANEL_SIZE,
    PANEL_ORDER,
    QUOTA_BROKEN,
    MUST_BROKEN,
    GROUP_BROKEN,
    PANEL_COUNT,
    SEATS,
    EQUALS,
    CERTIFICATE,
    DIGEST,
    NUMBER,
    TICKET,
    SITE,
    RESERVE,
    PERSONS,
    WHATS
};

static const char *const texts[WHATS][2] = {
    [FINE] = {"alles stimmt", "all is as it must be"},
    [MISSING] = {"die Datei fehlt; das ganze Bündel noch einmal holen",
                 "the file is missing; fetch the whole bundle again"},
    [MANIFEST_FORM] =
        {"diese Zeile hat nicht die Form eines Verzeichnisses; das Bündel noch einmal "
         "holen",
         "this line does not have the form of a manifest; fetch the bundle again"},
    [MANIFEST_CHANGED] = {"das Verzeichnis wurde verändert; das Bündel noch einmal holen",
                          "the manifest was changed; fetch the bundle again"},
    [FILE_CHANGED] = {"hier wurde etwas verändert; das Bündel noch einmal holen",
                      "something was changed here; fetch the bundle again"},
    [FORM] = {"diese Zeile hat nicht die Form, die sie haben muss",
              "this line does not have the form it must have"},
    [CONDITIONS] = {"die Bedingung lässt sich nicht lesen", "the condition cannot be read"},
    [TOO_LARGE] = {"mehr Bewerbungen, Quoten oder Plätze als vorgesehen",
                   "more applicants, quotas or places than provided for"},
    [PANEL_SIZE] = {"so viele Plätze hat die Auswahl nicht", "not as many as there are places"},
    [PANEL_ORDER] = {"die Nummern steigen nicht oder gehören zu niemandem",
                     "the numbers do not ascend or belong to nobody"},
    [QUOTA_BROKEN] = {"eine Quote ist verletzt", "a quota is broken"},
    [MUST_BROKEN] = {"ein gesetztes Amt fehlt", "a must-have is missing"},
    [GROUP_BROKEN] = {"zwei aus einer Gruppe", "two of one group"},
    [PANEL_COUNT] = {"nicht so viele Zusammensetzungen wie angegeben",
                     "not as many panels as said"},
    [SEATS] = {"die Zahl 'in j von m' stimmt nicht", "the number 'in j of m' is not right"},
    [EQUALS] = {"Gleiche unterscheiden sich um mehr als eins", "equals differ by more than one"},
    [CERTIFICATE] = {"eine Zusammensetzung übersteigt dieses Zertifikat",
                     "a panel exceeds this certificate"},
    [DIGEST] = {"die Prüfsumme ist nicht die der drei Dateien",
                "the digest is not that of the three files"},
    [NUMBER] = {"aus diesem Startwert folgt eine andere Nummer",
                "from this seed follows another number"},
    [TICKET] = {"unter der gezogenen Nummer steht eine andere Zusammensetzung",
                "under the drawn number stands another panel"},
    [SITE] = {"das Amt gehört nicht zur gezogenen Zusammensetzung",
              "the office does not belong to the drawn panel"},
    [RESERVE] = {"die Reserveliste hat eine andere Reihenfolge",
                 "the reserve list has another order"},
    [PERSONS] = {"zwei verschiedene Personen müssen die Ziehung bestätigen",
                 "two different persons must confirm the draw"},
};

enum { APPLICANTS = 20000, ROWS = 512, PLACES = 2000, FIELDS = 256 };

/* ---- SHA-256 (FIPS 180-4), its constants computed: fractions of roots of primes ---- */

static uint32_t root_fraction(int prime, int cube)
{
    /* The largest whole number whose square (cube) is at most prime * 2^64 (2^96); below 2^40, so
     * that nothing leaves 128 bits. */
    uint64_t low = 0, high = (uint64_t)1 << 40;

    while (high - low > 1) {
        uint64_t middle = (low + high) / 2;
        unsigned __int128 power = (unsigned __int128)middle * middle * (cube ? middle : 1);

        if (power <= (unsigned __int128)(unsigned)prime << (cube ? 96 : 64))
            low = middle;
        else
            high = middle;
    }
    return (uint32_t)low;
}

static uint32_t turn(uint32_t x, int by)
{
    return x >> by | x << (32 - by);
}

static void make_constants(uint32_t begin[8], uint32_t k[64])
{
    for (int number = 2, found = 0; found < 64; number++) {
        int prime = 1;

        for (int d = 2; d * d <= number; d++)
            prime &= number % d != 0;
        if (!prime)
            continue;
        if (found < 8)
            begin[found] = root_fraction(number, 0);
        k[found++] = root_fraction(number, 1);
    }
}

/* The message, a bit, zeros, and its length in bits as eight bytes. */
static unsigned char padded_byte(const void *bytes, size_t size, size_t padded, size_t place)
{
    if (place < size)
        return ((const unsigned char *)bytes)[place];
    if (place == size)
        return 0x80;
    if (place < padded - 8)
        return 0;
    return (unsigned char)((uint64_t)size * 8 >> 8 * (padded - 1 - place));
}

static void sha256(const void *bytes, size_t size, unsigned char digest[32])
{
    static uint32_t begin[8], k[64];
    uint32_t state[8];
    size_t padded = (size + 9 + 63) / 64 * 64;

    if (!k[63])
        make_constants(begin, k);
    memcpy(state, begin, sizeof(state));
    for (size_t at = 0; at < padded; at += 64) {
        uint32_t w[64] = {0}, s[8];

        for (size_t i = 0; i < 64; i++)
            w[i / 4] = w[i / 4] << 8 | padded_byte(bytes, size, padded, at + i);
        for (int i = 16; i < 64; i++)
            w[i] = w[i - 16] + (turn(w[i - 15], 7) ^ turn(w[i - 15], 18) ^ w[i - 15] >> 3) +
                   w[i - 7] + (turn(w[i - 2], 17) ^ turn(w[i - 2], 19) ^ w[i - 2] >> 10);
        memcpy(s, state, sizeof(s));
        for (int i = 0; i < 64; i++) {
            uint32_t a = s[7] + (turn(s[4], 6) ^ turn(s[4], 11) ^ turn(s[4], 25)) +
                         ((s[4] & s[5]) ^ (~s[4] & s[6])) + k[i] + w[i];
            uint32_t b = (turn(s[0], 2) ^ turn(s[0], 13) ^ turn(s[0], 22)) +
                         ((s[0] & s[1]) ^ (s[0] & s[2]) ^ (s[1] & s[2]));

            memmove(s + 1, s, 7 * sizeof(*s));
            s[4] += a;
            s[0] = a + b;
        }
        for (int i = 0; i < 8; i++)
            state[i] += s[i];
    }
    for (int i = 0; i < 32; i++)
        digest[i] = (unsigned char)(state[i / 4] >> (24 - 8 * (i % 4)));
}

static void hex(const void *bytes, size_t size, char out[65])
{
    unsigned char digest[32];

    sha256(bytes, size, digest);
    for (int i = 0; i < 32; i++)
        snprintf(out + 2 * i, 3, "%02x", digest[i]);
}

/* ---- lines and fields ---- */

struct line {
    const char *at, *next; /* the line, and what comes after its line feed */
    size_t length;
    long number;
    int count; /* fields */
    struct {
        const char *at;
        size_t length;
    } field[FIELDS];
};

struct check {
    struct pilot_verdict *verdict;
    const struct pilot_file *input, *chances, *lottery, *draw, *manifest;
    long places, panels, applicants, rows;
    long room; /* for applicants: one line each */
    struct row {
        const char *conditions;
        size_t length;
        long min, max;
        int kind; /* 'q', 'm' or 'g' */
        const char *label;
        size_t label_length;
    } * row;
    struct {
        const char *at;
        size_t length;
    } * office, *attribute;
    long attributes;
    unsigned char *member; /* [applicant * ROWS + row] */
    int *seats;            /* by applicant */
    int *panel;            /* [panel * places + seat]: applicants from 0 */
};

static int fault(struct check *c, enum what what, const struct pilot_file *file, long line)
{
    c->verdict->what = (int)what;
    c->verdict->file = file ? file->name : "";
    c->verdict->line = line;
    return 0;
}

static void first_line(const struct pilot_file *file, struct line *line)
{
    memset(line, 0, sizeof(*line));
    line->next = file->bytes;
}

/* The next line with its fields, parted by tabs; 0 at the end of the file. */
static int next_line(const struct pilot_file *file, struct line *line)
{
    const char *end = file->bytes + file->size, *p;

    if (line->next >= end)
        return 0;
    line->at = line->next;
    p = memchr(line->at, '\n', (size_t)(end - line->at));
    line->length = (size_t)((p ? p : end) - line->at);
    line->next = p ? p + 1 : end;
    line->number++;
    line->count = 0;
    p = line->at;
    for (;;) {
        size_t left = line->length - (size_t)(p - line->at);
        const char *tab = memchr(p, '\t', left);

        if (line->count == FIELDS)
            break;
        line->field[line->count].at = p;
        line->field[line->count++].length = tab ? (size_t)(tab - p) : left;
        if (!tab)
            break;
        p = tab + 1;
    }
    return 1;
}

static int is(const struct line *line, int field, const char *word)
{
    return field < line->count && line->field[field].length == strlen(word) &&
           memcmp(line->field[field].at, word, line->field[field].length) == 0;
}

static int number_in(const char *at, size_t length, long long *ret)
{
    *ret = 0;
    if (length == 0 || length > 18)
        return 0;
    for (size_t i = 0; i < length; i++) {
        if (at[i] < '0' || at[i] > '9')
            return 0;
        *ret = *ret * 10 + (at[i] - '0');
    }
    return 1;
}

static int number_of(const struct line *line, int field, long *ret)
{
    long long value = 0;

    if (field >= line->count ||
        !number_in(line->field[field].at, line->field[field].length, &value))
        return 0;
    *ret = (long)value;
    return 1;
}

/* ---- the manifest: which byte was changed ---- */

static const struct pilot_file *find(const struct pilot_file *files, int count, const char *name)
{
    for (int i = 0; i < count; i++)
        if (strcmp(files[i].name, name) == 0)
            return &files[i];
    return NULL;
}

/* `line` of the manifest is "file NAME SHA-256 LINES"; its lines' digests follow. */
static int check_file(struct check *c, const struct pilot_file *file, struct line *line)
{
    char whole[65], one[65];
    int same;
    long lines;
    struct line own;

    if (!number_of(line, 3, &lines))
        return fault(c, MANIFEST_FORM, c->manifest, line->number);
    hex(file->bytes, file->size, whole);
    same = is(line, 2, whole);
    first_line(file, &own);
    for (long i = 0; i < lines; i++) {
        int there = next_line(file, &own);

        if (!next_line(c->manifest, line) || line->count != 1 || line->length != 16)
            return fault(c, MANIFEST_FORM, c->manifest, line->number);
        if (!there)
            return fault(c, FILE_CHANGED, file, own.number + 1);
        hex(own.at, (size_t)(own.next - own.at), one);
        if (memcmp(one, line->at, 16) != 0)
            return same ? fault(c, MANIFEST_CHANGED, c->manifest, line->number)
                        : fault(c, FILE_CHANGED, file, own.number);
    }
    if (next_line(file, &own))
        return fault(c, FILE_CHANGED, file, own.number);
    return same ? 1 : fault(c, MANIFEST_CHANGED, c->manifest, line->number - lines);
}

static int check_manifest(struct check *c)
{
    const struct pilot_file *const files[] = {c->input, c->chances, c->lottery, c->draw};
    struct line line;
    char own[65];

    first_line(c->manifest, &line);
    for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
        if (!next_line(c->manifest, &line) || line.count != 4 || !is(&line, 0, "file") ||
            !is(&line, 1, files[i]->name))
            return fault(c, MANIFEST_FORM, c->manifest, line.number ? line.number : 1);
        if (!check_file(c, files[i], &line))
            return 0;
    }
    if (!next_line(c->manifest, &line) || !is(&line, 0, "end"))
        return fault(c, MANIFEST_FORM, c->manifest, line.number);
    hex(c->manifest->bytes, (size_t)(line.at - c->manifest->bytes), own);
    if (line.count != 2 || !is(&line, 1, own) ||
        line.next != c->manifest->bytes + c->manifest->size)
        return fault(c, MANIFEST_CHANGED, c->manifest, line.number);
    return 1;
}

/* ---- input.txt: who belongs to which quota ---- */

static int as_decimal(const char *at, size_t length, double *ret)
{
    char text[64];
    size_t digits = 0, points = 0;

    if (length == 0 || length >= sizeof(text))
        return 0;
    for (size_t i = 0; i < length; i++) {
        digits += at[i] >= '0' && at[i] <= '9';
        points += at[i] == '.';
        if (!((at[i] >= '0' && at[i] <= '9') || at[i] == '.' ||
              (i == 0 && (at[i] == '-' || at[i] == '+'))))
            return 0;
    }
    memcpy(text, at, length);
    text[length] = '\0';
    *ret = strtod(text, NULL);
    return digits > 0 && digits <= 30 && points <= 1;
}

static int same_text(const char *a, size_t a_length, const char *b, size_t b_length)
{
    return a_length == b_length && strncasecmp(a, b, a_length) == 0;
}

static int compare(const char *left, size_t left_length, const char *sign, const char *right,
                   size_t right_length)
{
    double a = 0, b = 0;
    int numbers = as_decimal(left, left_length, &a) && as_decimal(right, right_length, &b);
    int equal = numbers ? a == b : same_text(left, left_length, right, right_length);

    if (strcmp(sign, "=") == 0)
        return equal;
    if (strcmp(sign, "!=") == 0)
        return !equal;
    if (sign[0] == '<')
        return numbers && (a < b || (sign[1] && a == b));
    return numbers && (a > b || (sign[1] && a == b));
}

static void blanks(const char **p, const char *end)
{
    while (*p < end && **p == ' ')
        ++*p;
}

static int is_name(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-' || (unsigned char)c >= 0x80;
}

/* A value, quoted or not, into `value`; 0 when it cannot be read. */
static int read_value(const char **p, const char *end, char *value, size_t room, size_t *length)
{
    int quoted = *p < end && **p == '"';

    *length = 0;
    for (*p += quoted; *p < end; ++*p) {
        if (quoted && **p == '"' && (++*p == end || **p != '"'))
            return 1;
        if (!quoted && strchr(" =<>!\"", **p))
            break;
        if (*length + 1 == room)
            return 0;
        value[(*length)++] = **p;
    }
    return !quoted && *length > 0;
}

/* Does the applicant whose attributes stand in `line` keep the conditions? -1: not readable. */
static int holds(const struct check *c, const struct row *row, const struct line *line)
{
    const char *p = row->conditions, *end = p + row->length;
    int all = 1;

    blanks(&p, end);
    if (p < end && *p == '*')
        p++;
    blanks(&p, end);
    while (p < end) {
        const char *name = p;
        char sign[3] = "", value[256];
        size_t name_length, length;
        long a = 0;

        while (p < end && is_name(*p))
            p++;
        name_length = (size_t)(p - name);
        blanks(&p, end);
        if (name_length == 0 || p == end || !strchr("=!<>", *p))
            return -1;
        sign[0] = *p++;
        if (sign[0] != '=' && p < end && *p == '=')
            sign[1] = *p++;
        blanks(&p, end);
        if (!read_value(&p, end, value, sizeof(value), &length))
            return -1;
        while (a < c->attributes &&
               !same_text(c->attribute[a].at, c->attribute[a].length, name, name_length))
            a++;
        if (a == c->attributes || a + 2 >= line->count)
            return -1;
        all &= compare(line->field[a + 2].at, line->field[a + 2].length, sign, value, length);
        blanks(&p, end);
        if (p == end)
            break;
        if (end - p > 3 && (strncasecmp(p, "and", 3) == 0 || strncasecmp(p, "und", 3) == 0))
            p += 3;
        else if (end - p > 2 && p[0] == '&' && p[1] == '&')
            p += 2;
        else
            return -1;
        blanks(&p, end);
        if (p == end)
            return -1;
    }
    return all;
}

static struct row *add_row(struct check *c, int kind)
{
    if (!c->row || c->rows == ROWS)
        return NULL;
    c->row[c->rows].kind = kind;
    return &c->row[c->rows++];
}

static int same_label(const struct row *row, const struct line *line)
{
    return row->label_length == line->field[1].length &&
           memcmp(row->label, line->field[1].at, row->label_length) == 0;
}

/* quota LABEL CONDITIONS MIN MAX; must OFFICE REASON PERSON; group LABEL OFFICE (one line each) */
static int read_rule(struct check *c, const struct line *line)
{
    struct row *row = c->rows ? &c->row[c->rows - 1] : NULL;

    if (is(line, 0, "quota")) {
        row = add_row(c, 'q');
        if (!row)
            return fault(c, TOO_LARGE, c->input, line->number);
        row->conditions = line->count > 2 ? line->field[2].at : "";
        row->length = line->count > 2 ? line->field[2].length : 0;
        if (line->count != 5 || !number_of(line, 3, &row->min) || !number_of(line, 4, &row->max))
            return fault(c, FORM, c->input, line->number);
    } else if (is(line, 0, "must")) {
        row = add_row(c, 'm');
        if (!row || line->count != 4)
            return fault(c, row ? FORM : TOO_LARGE, c->input, line->number);
        row->min = row->max = 1;
    } else {
        if (line->count != 3)
            return fault(c, FORM, c->input, line->number);
        if (!row || row->kind != 'g' || !same_label(row, line)) {
            row = add_row(c, 'g');
            if (!row)
                return fault(c, TOO_LARGE, c->input, line->number);
            row->max = 1;
        }
    }
    row->label = line->field[1].at;
    row->label_length = line->field[1].length;
    return 1;
}

static int read_applicant(struct check *c, const struct line *line)
{
    if (c->applicants == c->room)
        return fault(c, TOO_LARGE, c->input, line->number);
    if (line->count != c->attributes + 2)
        return fault(c, FORM, c->input, line->number);
    c->office[c->applicants].at = line->field[1].at;
    c->office[c->applicants].length = line->field[1].length;
    for (long r = 0; r < c->rows; r++) {
        int member = 0;

        if (c->row[r].kind == 'q')
            member = holds(c, &c->row[r], line);
        else if (c->row[r].kind == 'm')
            member = same_label(&c->row[r], line);
        if (member < 0)
            return fault(c, CONDITIONS, c->input, line->number);
        c->member[c->applicants * ROWS + r] = (unsigned char)member;
    }
    c->applicants++;
    return 1;
}

static int read_attributes(struct check *c, const struct line *line)
{
    c->attributes = line->count - 1;
    for (long a = 0; a < c->attributes; a++) {
        c->attribute[a].at = line->field[a + 1].at;
        c->attribute[a].length = line->field[a + 1].length;
    }
    return 1;
}

/* Groups name their members in lines of their own, before the applicants. */
static int read_groups(struct check *c)
{
    struct line line;
    long row = -1;

    first_line(c->input, &line);
    while (next_line(c->input, &line)) {
        if (!is(&line, 0, "group"))
            continue;
        for (row = row < 0 ? 0 : row; row < c->rows; row++)
            if (c->row[row].kind == 'g' && same_label(&c->row[row], &line))
                break;
        for (long i = 0; row < c->rows && i < c->applicants; i++)
            if (c->office[i].length == line.field[2].length &&
                memcmp(c->office[i].at, line.field[2].at, c->office[i].length) == 0)
                c->member[i * ROWS + row] = 1;
    }
    return 1;
}

static int read_input(struct check *c)
{
    struct line line;
    int fine = 1;

    first_line(c->input, &line);
    if (!next_line(c->input, &line) || line.count != 2 || !is(&line, 0, "reihum-pilot") ||
        !is(&line, 1, "1"))
        return fault(c, FORM, c->input, 1);
    while (fine && next_line(c->input, &line)) {
        if (is(&line, 0, "places"))
            fine = number_of(&line, 1, &c->places) && c->places > 0 && c->places <= PLACES;
        else if (is(&line, 0, "panels"))
            fine = number_of(&line, 1, &c->panels) && c->panels > 0 && c->panels <= 100000;
        else if (is(&line, 0, "attributes"))
            fine = read_attributes(c, &line);
        else if (is(&line, 0, "quota") || is(&line, 0, "must") || is(&line, 0, "group"))
            fine = read_rule(c, &line);
        else if (is(&line, 0, "applicant"))
            fine = read_applicant(c, &line);
        else
            fine = is(&line, 0, "selection") || is(&line, 0, "barred");
        if (!fine)
            return c->verdict->what ? 0 : fault(c, FORM, c->input, line.number);
    }
    if (c->places == 0 || c->panels == 0)
        return fault(c, FORM, c->input, line.number);
    return read_groups(c);
}

/* ---- lottery.txt: every panel ---- */

static int check_panel(struct check *c, const int *panel, long line)
{
    static const enum what broken[128] = {
        ['q'] = QUOTA_BROKEN, ['m'] = MUST_BROKEN, ['g'] = GROUP_BROKEN};

    for (long r = 0; r < c->rows; r++) {
        long count = 0;

        for (long k = 0; k < c->places; k++)
            count += c->member[panel[k] * ROWS + r];
        if (count < c->row[r].min || count > c->row[r].max)
            return fault(c, broken[c->row[r].kind], c->lottery, line);
    }
    return 1;
}

static int read_panel(struct check *c, const struct line *line, int *panel)
{
    const char *p = line->at, *end = p + line->length;
    long count = 0, before = 0;

    while (p < end) {
        size_t length = 0;
        long long number;

        while (p + length < end && p[length] != ' ')
            length++;
        if (!number_in(p, length, &number))
            return fault(c, FORM, c->lottery, line->number);
        if (number <= before || number > c->applicants)
            return fault(c, PANEL_ORDER, c->lottery, line->number);
        if (count == c->places)
            return fault(c, PANEL_SIZE, c->lottery, line->number);
        before = (long)number;
        panel[count++] = (int)number - 1;
        c->seats[number - 1]++;
        p += length + (p + length < end);
    }
    return count == c->places ? check_panel(c, panel, line->number)
                              : fault(c, PANEL_SIZE, c->lottery, line->number);
}

static int read_lottery_lines(struct check *c)
{
    struct line line;
    long count = 0;

    /* A seat takes a digit and what parts it from the next; nothing is taken on trust. */
    if ((size_t)c->panels * (size_t)c->places * 2 > c->lottery->size)
        return fault(c, PANEL_COUNT, c->lottery, 0);
    c->panel = calloc((size_t)c->panels * (size_t)c->places, sizeof(*c->panel));
    if (!c->panel)
        return fault(c, TOO_LARGE, c->lottery, 0);
    first_line(c->lottery, &line);
    while (next_line(c->lottery, &line)) {
        if (count == c->panels)
            return fault(c, PANEL_COUNT, c->lottery, line.number);
        if (!read_panel(c, &line, c->panel + count++ * c->places))
            return 0;
    }
    return count == c->panels ? 1 : fault(c, PANEL_COUNT, c->lottery, line.number);
}

/* ---- chances.txt ---- */

/* stage NUMBER CHANCE WORTH WEIGHT …: no panel of the lottery may be worth more. */
static int check_certificate(struct check *c, const struct line *line)
{
    long long *weight = calloc((size_t)c->applicants + 1, sizeof(*weight)), worth;
    const char *p, *end = line->at + line->length;
    int fine = weight && line->count == 5;

    if (!fine || !number_in(line->field[3].at, line->field[3].length, &worth)) {
        free(weight);
        return fine && line->field[3].length > 18 ? 1 : fault(c, FORM, c->chances, line->number);
    }
    p = line->field[4].at;
    for (long i = 0; i < c->applicants && fine; i++) {
        size_t length = 0;

        while (p + length < end && p[length] != ' ')
            length++;
        fine = number_in(p, length, &weight[i]);
        p += length + (p + length < end);
    }
    for (long n = 0; n < c->panels && fine; n++) {
        __int128 sum = 0;

        for (long k = 0; k < c->places; k++)
            sum += weight[c->panel[n * c->places + k]];
        fine = sum <= worth;
    }
    free(weight);
    c->verdict->certificates++;
    return fine ? 1 : fault(c, CERTIFICATE, c->chances, line->number);
}

static int check_equals(struct check *c, long applicant, long line)
{
    for (long other = 0; other < applicant; other++) {
        long off = c->seats[applicant] - c->seats[other];

        if (memcmp(c->member + applicant * ROWS, c->member + other * ROWS, ROWS) == 0 &&
            (off > 1 || off < -1))
            return fault(c, EQUALS, c->chances, line);
    }
    return 1;
}

static int check_chances(struct check *c)
{
    struct line line;
    long applicant = 0;

    first_line(c->chances, &line);
    while (next_line(c->chances, &line)) {
        long number, seats;

        if (is(&line, 0, "exact"))
            continue;
        if (is(&line, 0, "stage")) {
            if (!check_certificate(c, &line))
                return 0;
            continue;
        }
        if (!is(&line, 0, "applicant") || line.count != 5 || !number_of(&line, 1, &number) ||
            !number_of(&line, 4, &seats) || number != applicant + 1 || number > c->applicants)
            return fault(c, FORM, c->chances, line.number);
        if (seats != c->seats[applicant])
            return fault(c, SEATS, c->chances, line.number);
        if (!check_equals(c, applicant++, line.number))
            return 0;
    }
    return applicant == c->applicants ? 1 : fault(c, FORM, c->chances, line.number);
}

/* ---- draw.txt: once more ---- */

struct stream {
    unsigned char key[32], block[32];
    uint64_t next;
    int used;
};

static uint64_t below(struct stream *s, uint64_t n)
{
    uint64_t over = (UINT64_MAX % n + 1) % n, number;

    do {
        if (s->used == 4) {
            unsigned char bytes[40];

            memcpy(bytes, s->key, 32);
            for (int i = 0; i < 8; i++)
                bytes[32 + i] = (unsigned char)(s->next >> (56 - 8 * i));
            sha256(bytes, 40, s->block);
            s->next++;
            s->used = 0;
        }
        number = 0;
        for (int i = 0; i < 8; i++)
            number = number << 8 | s->block[8 * s->used + i];
        s->used++;
    } while (over && number > UINT64_MAX - over);
    return number % n;
}

static void shuffle(struct stream *s, int *list, long count)
{
    for (long i = count - 1; i > 0; i--) {
        long j = (long)below(s, (uint64_t)i + 1);
        int swap = list[i];

        list[i] = list[j];
        list[j] = swap;
    }
}

static void begin_stream(struct stream *s, const char *digest, const char *seed, size_t length)
{
    char text[4096];
    int head = snprintf(text, sizeof(text), "reihum pilot 1 draw\n%s ", digest);

    memset(s, 0, sizeof(*s));
    memcpy(text + head, seed, length);
    sha256(text, (size_t)head + length, s->key);
    s->used = 4;
}

static int same_office(const struct check *c, const struct line *line, int applicant)
{
    return line->count == 2 && line->field[1].length == c->office[applicant].length &&
           memcmp(line->field[1].at, c->office[applicant].at, line->field[1].length) == 0;
}

static void digest_of_files(const struct check *c, char digest[65])
{
    const struct pilot_file *const files[] = {c->input, c->chances, c->lottery};
    char text[512], one[65];
    size_t length = 0;

    for (int i = 0; i < 3; i++) {
        hex(files[i]->bytes, files[i]->size, one);
        length +=
            (size_t)snprintf(text + length, sizeof(text) - length, "%s %s\n", files[i]->name, one);
    }
    hex(text, length, digest);
}

static int line_is(struct check *c, struct line *line, const char *word)
{
    if (!next_line(c->draw, line) || line->count != 2 || !is(line, 0, word))
        return fault(c, FORM, c->draw, line->number);
    return 1;
}

/* digest, source, seed, confirmed, confirmed; the stream is begun with the seed. */
static int read_head(struct check *c, struct line *line, struct stream *stream)
{
    char digest[65];
    struct line first;

    digest_of_files(c, digest);
    if (!line_is(c, line, "digest"))
        return 0;
    if (!is(line, 1, digest))
        return fault(c, DIGEST, c->draw, line->number);
    if (!line_is(c, line, "source") || !line_is(c, line, "seed"))
        return 0;
    if (line->field[1].length > 1000)
        return fault(c, FORM, c->draw, line->number);
    begin_stream(stream, digest, line->field[1].at, line->field[1].length);
    if (!line_is(c, line, "confirmed"))
        return 0;
    first = *line;
    if (!line_is(c, line, "confirmed"))
        return 0;
    return same_text(first.field[1].at, first.field[1].length, line->field[1].at,
                     line->field[1].length)
               ? fault(c, PERSONS, c->draw, line->number)
               : 1;
}

static int check_draw(struct check *c)
{
    struct line line;
    struct stream stream;
    long number, ticket, reserve = 0;
    int *order = calloc((size_t)c->panels + (size_t)c->applicants + 1, sizeof(*order));
    const int *panel;
    int fine;

    if (!order)
        return fault(c, TOO_LARGE, c->draw, 0);
    first_line(c->draw, &line);
    fine = read_head(c, &line, &stream) && line_is(c, &line, "number");
    for (long i = 0; i < c->panels; i++)
        order[i] = (int)i;
    if (fine) {
        shuffle(&stream, order, c->panels);
        number = (long)below(&stream, (uint64_t)c->panels) + 1;
        fine = (number_of(&line, 1, &ticket) && ticket == number) ||
               fault(c, NUMBER, c->draw, line.number);
    }
    fine = fine && line_is(c, &line, "ticket");
    if (fine)
        fine = (number_of(&line, 1, &ticket) && ticket == order[number - 1] + 1) ||
               fault(c, TICKET, c->draw, line.number);
    panel = c->panel + (fine ? (ticket - 1) * c->places : 0);
    for (long k = 0; k < c->places && fine; k++)
        fine = line_is(c, &line, "site") &&
               (same_office(c, &line, panel[k]) || fault(c, SITE, c->draw, line.number));
    for (long i = 0, k = 0; i < c->applicants; i++) {
        if (k < c->places && panel[k] == i)
            k++;
        else
            order[reserve++] = (int)i;
    }
    if (fine)
        shuffle(&stream, order, reserve);
    for (long i = 0; i < reserve && fine; i++)
        fine = line_is(c, &line, "reserve") &&
               (same_office(c, &line, order[i]) || fault(c, RESERVE, c->draw, line.number));
    if (fine && next_line(c->draw, &line))
        fine = fault(c, FORM, c->draw, line.number);
    free(order);
    return fine;
}

/* ---- a folder as one file ---- */

int pilot_unpack(const char *bytes, size_t size, struct pilot_file files[PILOT_FILES_MAX],
                 char names[PILOT_FILES_MAX][PILOT_NAME_MAX + 1])
{
    static const char head[] = "reihum-folder\n";
    const char *p = bytes + sizeof(head) - 1, *end = bytes + size;
    int count = 0;

    if (size < sizeof(head) - 1 || memcmp(bytes, head, sizeof(head) - 1) != 0)
        return -1;
    while (p < end && count < PILOT_FILES_MAX) {
        const char *line = memchr(p, '\n', (size_t)(end - p));
        const char *tab = line ? memchr(p, '\t', (size_t)(line - p)) : NULL;
        long long length;

        if (!tab || tab - p > PILOT_NAME_MAX ||
            !number_in(tab + 1, (size_t)(line - tab - 1), &length) || length > end - line - 1)
            return -1;
        memcpy(names[count], p, (size_t)(tab - p));
        names[count][tab - p] = '\0';
        files[count] = (struct pilot_file){names[count], line + 1, (size_t)length};
        count++;
        p = line + 1 + length;
    }
    return p < end ? -1 : count;
}

/* ---- all of it ---- */

static int find_files(struct check *c, const struct pilot_file *files, int count)
{
    static const char *const names[] = {"input.txt", "chances.txt", "lottery.txt", "draw.txt",
                                        "manifest.txt"};
    const struct pilot_file **const to[] = {&c->input, &c->chances, &c->lottery, &c->draw,
                                            &c->manifest};

    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        *to[i] = find(files, count, names[i]);
        if (!*to[i]) {
            c->verdict->what = MISSING;
            c->verdict->file = names[i];
            return 0;
        }
    }
    return 1;
}

static long lines_of(const struct pilot_file *file)
{
    const char *p = file->bytes, *end = p + file->size;
    long lines = 0;

    for (; p < end && lines < APPLICANTS; lines++) {
        const char *next = memchr(p, '\n', (size_t)(end - p));
        p = next ? next + 1 : end;
    }
    return lines;
}

void pilot_verify(const struct pilot_file *files, int count, struct pilot_verdict *ret)
{
    struct check c = {.verdict = ret};

    memset(ret, 0, sizeof(*ret));
    if (find_files(&c, files, count)) {
        c.room = lines_of(c.input);
        c.row = calloc(ROWS, sizeof(*c.row));
        c.attribute = calloc(FIELDS, sizeof(*c.attribute));
        c.office = calloc((size_t)c.room + 1, sizeof(*c.office));
        c.member = calloc(((size_t)c.room + 1) * ROWS, 1);
        c.seats = calloc((size_t)c.room + 1, sizeof(*c.seats));
        if (!c.row || !c.office || !c.attribute || !c.member || !c.seats)
            (void)fault(&c, TOO_LARGE, c.input, 0);
        else if (check_manifest(&c) && read_input(&c) && read_lottery_lines(&c) &&
                 check_chances(&c) && check_draw(&c)) {
            ret->applicants = c.applicants;
            ret->panels = c.panels;
            ret->places = c.places;
            ret->quotas = c.rows;
        }
    }
    free(c.row);
    free(c.office);
    free(c.attribute);
    free(c.member);
    free(c.seats);
    free(c.panel);
}

const char *pilot_verdict_text(int what, int english)
{
    return texts[what < 0 || what >= WHATS ? FORM : what][english != 0];
}

#ifdef PILOT_VERIFY_ALONE
static int read_whole(const char *folder, const char *name, struct pilot_file *file)
{
    char path[4096];
    FILE *stream;
    char *bytes = calloc(1, 64u << 20);

    snprintf(path, sizeof(path), "%s/%s", folder, name);
    stream = fopen(path, "rb");
    file->name = name;
    file->bytes = bytes;
    file->size = stream && bytes ? fread(bytes, 1, 64u << 20, stream) : 0;
    if (stream)
        fclose(stream);
    return stream != NULL && bytes;
}

int main(int argc, char **argv)
{
    static const char *const names[] = {"input.txt", "chances.txt", "lottery.txt", "draw.txt",
                                        "manifest.txt"};
    struct pilot_file files[5];
    struct pilot_verdict verdict;
    int count = 0;

    if (argc != 2) {
        fprintf(stderr, "usage: %s FOLDER\n", argv[0]);
        return 2;
    }
    for (int i = 0; i < 5; i++)
        count += read_whole(argv[1], names[i], &files[count]);
    pilot_verify(files, count, &verdict);
    if (verdict.what)
        fprintf(stderr, "%s, line %ld: %s\n", verdict.file, verdict.line,
                pilot_verdict_text(verdict.what, 1));
    else
        fprintf(stdout, "%s: %ld applicants, %ld panels of %ld, %ld rules, %ld certificates\n",
                pilot_verdict_text(0, 1), verdict.applicants, verdict.panels, verdict.places,
                verdict.quotas, verdict.certificates);
    return verdict.what ? 4 : 0;
}
#endif
