/*
 * Pilot sites by quotas, from the applications to the published draw: the example that ships with
 * the contradictions of the kick-off slide, files of other tools, and everything that is refused.
 */
#include "tests/integration/world.h"

static struct world *w;

static int set_up(void **state)
{
    (void)state;
    w = world_open("");
    must(w, "office import", "file", "@config/nrw/offices.csv");
    must(w, "pilot open", "id", "2023", "places", "18", "until", "2023-11-17");
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    world_close(w);
    return 0;
}

static void take_example(void)
{
    must(w, "pilot import", "file", "@config/nrw/pilot-applications-example.csv");
    must(w, "pilot quota import", "file", "@config/nrw/pilot-quotas-2023.csv");
}

static void relax_example(void)
{
    must(w, "pilot relax", "take", "1", "by", "Koordinierende Stelle", "reason", "Beispiel");
}

static void freeze_example(void)
{
    take_example();
    relax_example();
    must(w, "pilot freeze", "by", "Koordinierende Stelle", "source", "Lotto am 2. Dezember");
}

static void draw_example(void)
{
    freeze_example();
    must(w, "pilot confirm", "seed", "4 8 15 16 23 42", "by", "Person 01");
    must(w, "pilot draw", "seed", "4 8 15 16 23 42", "by", "Person 02");
}

static const json_t *list_of(const char *key)
{
    const json_t *list = json_object_get(w->answer, key);

    assert_true(json_is_array(list));
    return list;
}

/* ---- the slide ---- */

static void the_slide_contradicts_itself_and_that_is_said_in_numbers(void **state)
{
    (void)state;
    take_example();

    must(w, "pilot check");
    assert_true(json_is_false(json_object_get(w->answer, "feasible")));
    assert_int_equal(json_array_size(list_of("conflicts")), 2);
    assert_says(text_of(json_array_get(list_of("conflicts"), 0), "sentence"),
                "LWL gesamt: 2 + 2 + 3 + 2 + 1 = 10 > Obergrenze 9");
    assert_string_equal(text_of(json_array_get(list_of("conflicts"), 1), "sentence"),
                        "LWL Kreise < 100.000: mindestens 1, es gibt aber nur 0 Bewerbungen");
    assert_int_equal(json_array_size(list_of("relaxations")), 1);
    assert_int_equal(json_array_size(list_of("barred")), 2);

    refused(w, RH_EINVALID, "kein Ergebnis hält alle Quoten ein", "no result keeps all quotas",
            "pilot freeze", "by", "A", "source", "B");
}

static void a_person_relaxes_and_signs_and_nothing_else_does(void **state)
{
    (void)state;
    take_example();

    must(w, "pilot relax");
    assert_string_equal(text_of(json_array_get(items(w), 0), "change"),
                        "LWL Kreise < 100.000: mindestens 0 statt 1");
    refused(w, RH_EUSAGE, "--by fehlt", "--by is missing", "pilot relax", "take", "1");
    refused(w, RH_EINVALID, "es gibt nur 1 Lockerungen", "there are only 1 relaxations",
            "pilot relax", "take", "2", "by", "A", "reason", "B");
    must(w, "pilot check");
    assert_true(json_is_false(json_object_get(w->answer, "feasible")));

    relax_example();
    must(w, "pilot check");
    assert_true(json_is_true(json_object_get(w->answer, "feasible")));
    assert_string_equal(text(w, "valid_panels"), "10160640");
    assert_string_equal(text_of(find_in(list_of("forced"), "label", "LVR gesamt"), "reason"),
                        "9 + 9 und 18 Plätze erzwingen genau 9");
}

static void chances_are_fractions_with_their_reason(void **state)
{
    const json_t *level;
    (void)state;
    take_example();
    relax_example();

    must(w, "pilot chances");
    assert_true(json_is_true(json_object_get(w->answer, "exact")));
    level = json_array_get(list_of("levels"), 0);
    assert_string_equal(text_of(level, "probability"), "2/7");
    assert_int_equal(json_integer_value(json_object_get(level, "count")), 7);
    assert_string_equal(text_of(level, "reason"),
                        "7 Bewerbungen (LWL Städte > 50.000) teilen sich höchstens 2 Plätze");
    assert_string_equal(text_of(item(w, "office", "troisdorf"), "reason"),
                        "die Zusage der Leitung fehlt");
}

/* ---- files of other tools ---- */

#define PEOPLE                                                                                     \
    "=gender,leaning\nfemale,conservative\nfemale,liberal\nfemale,liberal\nmale,conservative\n"

static void header_variants_of_the_citizens_assembly_tools_are_the_same(void **state)
{
    static const char *const categories[] = {
        "=category,feature,min,max\ngender,female,1,1\ngender,male,1,1\nleaning,conservative,1,2\n"
        "leaning,liberal,0,1\n",
        "=category,name,min,max\ngender,female,1,1\ngender,male,1,1\nleaning,conservative,1,2\n"
        "leaning,liberal,0,1\n",
        "=feature,value,min,max,min_flex,max_flex\ngender,Female,1,1,0,4\ngender,Male,1,1,0,4\n"
        "leaning,conservative,1,2,0,4\nleaning,liberal,0,1,0,4\n",
        "=\xef\xbb\xbf"
        "Category;Name;Min;Max\r\ngender; female ;1;1\r\ngender;male;1;1\r\n"
        "leaning;conservative;1;2\r\nleaning;liberal;0;1",
    };
    (void)state;

    for (size_t i = 0; i < sizeof(categories) / sizeof(categories[0]); i++) {
        must(w, "pilot chances", "categories", categories[i], "respondents", PEOPLE, "places", "2");
        assert_int_equal(json_array_size(list_of("levels")), 2);
        assert_string_equal(text_of(json_array_get(list_of("levels"), 0), "probability"), "1/3");
        assert_string_equal(text_of(json_array_get(list_of("levels"), 1), "probability"), "1");
        assert_string_equal(text(w, "valid_panels"), "3");
    }
}

static void add_people(char *to, size_t room, const char *who, int count)
{
    for (int i = 0; i < count; i++)
        snprintf(to + strlen(to), room - strlen(to), "%s\n", who);
}

/* shared/data/selection/README.md: the pools by their counts; 1/10 for everybody was published. */
static void the_published_examples_are_one_tenth_for_everybody(void **state)
{
    static const struct {
        int counts[3];
        const char *places, *quotas;
    } cases[] = {
        {{1, 99, 100},
         "20",
         "=category,feature,min,max\ngender,female,9,20\ngender,male,9,20\n"
         "leaning,conservative,0,20\nleaning,liberal,0,20\n"},
        {{1, 999, 1000},
         "200",
         "=category,feature,min,max\ngender,female,99,200\ngender,male,99,200\n"
         "leaning,conservative,0,200\nleaning,liberal,0,200\n"},
    };
    static char people[65536];
    (void)state;

    for (size_t i = 0; i < 2; i++) {
        snprintf(people, sizeof(people), "=gender,leaning\n");
        add_people(people, sizeof(people), "female,conservative", cases[i].counts[0]);
        add_people(people, sizeof(people), "female,liberal", cases[i].counts[1]);
        add_people(people, sizeof(people), "male,conservative", cases[i].counts[2]);
        must(w, "pilot chances", "categories", cases[i].quotas, "respondents", people, "places",
             cases[i].places);
        assert_int_equal(json_array_size(list_of("levels")), 1);
        assert_string_equal(text_of(json_array_get(list_of("levels"), 0), "probability"), "1/10");
        assert_true(json_is_true(json_object_get(w->answer, "exact")));
    }
}

static void faults_of_these_files_are_named(void **state)
{
    (void)state;

    refused(w, RH_EINVALID, "'other' steht nicht unter den Quoten von 'gender'",
            "'other' is not among the quotas of 'gender'", "pilot chances", "categories",
            "=category,feature,min,max\ngender,female,0,1\n", "respondents", "=gender\nother\n",
            "places", "1");
    refused(w, RH_EINVALID, "Zeile 2, Spalte 'min': 3 ist mehr als die Höchstzahl 1",
            "line 2, column 'min': 3 is more than the maximum 1", "pilot chances", "categories",
            "=category,feature,min,max\ngender,female,3,1\n", "respondents", "=gender\nfemale\n",
            "places", "1");
    refused(w, RH_EINVALID, "5 Plätze, aber nur 1 Bewerbungen", "5 places, but only 1 applicants",
            "pilot chances", "categories", "=category,feature,min,max\ngender,female,0,5\n",
            "respondents", "=gender\nfemale\n", "places", "5");
    refused(w, RH_EINVALID, "gender female: mindestens 2, es gibt aber nur 1 Bewerbungen", "",
            "pilot chances", "categories",
            "=category,feature,min,max\ngender,female,2,2\ngender,male,0,2\n", "respondents",
            "=gender\nfemale\nmale\nmale\n", "places", "2");
    refused(w, RH_EUSAGE, "gehören --categories, --respondents und --places zusammen",
            "go together", "pilot chances", "categories",
            "=category,feature,min,max\ngender,female,0,5\n");
}

/* ---- what is refused ---- */

static void faults_of_applications_are_named_and_nothing_is_kept(void **state)
{
    static const struct {
        const char *rows, *de, *en;
    } cases[] = {
        {"lemgo,ja,2023-11-01\nStadt Lemgo,ja,2023-11-02\n",
         "Zeile 3, Spalte 'office': 'lemgo' steht schon in einer früheren Zeile",
         "line 3, column 'office': 'lemgo' stands in an earlier line already"},
        {"nirgendwo,ja,2023-11-01\n", "Zeile 2, Spalte 'office'", "line 2, column 'office'"},
        {"lemgo,vielleicht,2023-11-01\n", "weder ja noch nein", "neither yes nor no"},
        {"lemgo,ja,gestern\n", "Spalte 'received'", "column 'received'"},
        {"", "enthält keine Bewerbungen", "holds no applications"},
    };
    (void)state;

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        char file[512];

        snprintf(file, sizeof(file), "=office,committed,received\n%s", cases[i].rows);
        refused(w, RH_EINVALID, cases[i].de, cases[i].en, "pilot import", "file", file);
    }
    must(w, "pilot applications");
    assert_int_equal(item_count(w), 0);
}

static void faults_of_quotas_are_named(void **state)
{
    static const struct {
        const char *row, *de, *en;
    } cases[] = {
        {"A,region=LVR,3,2", "3 ist mehr als die Höchstzahl 2", "3 is more than the maximum 2"},
        {"A,region,1,2", "hier gehört =, !=, <, <=, > oder >= hin", "belongs here"},
        {"A,region=LVR or kind=city,1,2", "'region=LVR ' | 'or kind=city'", "'and' or the end"},
        {"A,population>viele,1,2", "hier gehört eine Zahl hin", "a number belongs here"},
        {"A,einwohner>5,1,2", "Quote 'A': das Merkmal 'einwohner' fehlt bei",
         "quota 'A': 'einwohner' is missing for"},
        {"A,region=LVR,,", "weder Mindestzahl noch Höchstzahl", "neither a minimum nor a maximum"},
    };
    (void)state;
    must(w, "pilot import", "file", "@config/nrw/pilot-applications-example.csv");

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        char file[512];

        snprintf(file, sizeof(file), "=label,where,min,max\n%s\n", cases[i].row);
        refused(w, RH_EINVALID, cases[i].de, cases[i].en, "pilot quota import", "file", file);
    }
    must(w, "pilot quota list");
    assert_int_equal(item_count(w), 0);
}

static void further_columns_can_stand_in_quotas(void **state)
{
    (void)state;
    must(w, "pilot open", "id", "klein", "places", "1");
    must(w, "pilot import", "file",
         "=office;committed;Vorerfahrung\nlemgo;ja;viel\nahaus;ja;keine\nhamm;ja;viel\n");
    must(w, "pilot quota import", "file", "=label,where,min,max\nErfahren,vorerfahrung=viel,1,1\n");

    must(w, "pilot chances");
    assert_string_equal(text_of(item(w, "office", "hamm"), "probability"), "1/2");
    assert_string_equal(text_of(item(w, "office", "ahaus"), "probability"), "0");
    assert_string_equal(text_of(item(w, "office", "ahaus"), "reason"),
                        "nicht wählbar wegen: mindestens 1 Erfahren und 1 Platz");
}

static void a_pin_that_makes_quotas_impossible_is_refused(void **state)
{
    (void)state;
    take_example();
    relax_example();

    must(w, "pilot pin", "office", "essen", "must", "yes", "reason", "Beispiel", "by", "Leitung");
    refused(w, RH_EINVALID, "macht die Quoten unerfüllbar", "makes the quotas impossible",
            "pilot pin", "office", "duisburg", "must", "yes", "reason", "Beispiel", "by",
            "Leitung");
    must(w, "pilot chances");
    assert_string_equal(text_of(item(w, "office", "essen"), "probability"), "1");
    assert_string_equal(text_of(item(w, "office", "duisburg"), "probability"), "0");
    assert_says(text_of(item(w, "office", "duisburg"), "reason"), "gesetzt: Stadt Essen");

    must(w, "pilot group", "label", "Nachbarn", "offices", "krefeld, kreis-wesel");
    must(w, "pilot check");
    assert_true(json_is_true(json_object_get(w->answer, "feasible")));
    refused(w, RH_EUSAGE, "--reason fehlt", "--reason is missing", "pilot pin", "office", "krefeld",
            "exclude", "yes");
}

static void a_frozen_selection_changes_no_more_and_is_drawn_once(void **state)
{
    (void)state;
    freeze_example();

    refused(w, RH_ECONFLICT, "ist eingefroren und ändert sich nicht mehr", "is frozen",
            "pilot quota set", "label", "LVR gesamt", "max", "10");
    refused(w, RH_ECONFLICT, "ist eingefroren", "is frozen", "pilot import", "file",
            "@config/nrw/pilot-applications-example.csv");
    must(w, "pilot draw", "seed", "x", "trial", "yes");
    must(w, "pilot status");
    assert_string_equal(text(w, "state"), "frozen");
    assert_int_equal(item_count(w), 1);

    must(w, "pilot confirm", "seed", "x", "by", "Person 01");
    must(w, "pilot draw", "seed", "x", "by", "Person 02");
    assert_int_equal(item_count(w), 18);
    refused(w, RH_ECONFLICT, "es gibt nur eine Ziehung", "there is one draw only", "pilot draw",
            "seed", "y", "by", "Person 02");
    refused(w, RH_ECONFLICT, "es gibt nur eine Ziehung", "there is one draw only", "pilot confirm",
            "seed", "y", "by", "Person 01");
    must(w, "pilot annul", "reason", "Beispiel", "by", "Leitung");
    refused(w, RH_ECONFLICT, "ist annulliert", "is annulled", "pilot draw", "seed", "y", "by", "B");
}

static void two_different_persons_act_one_after_the_other(void **state)
{
    (void)state;
    freeze_example();

    refused(w, RH_ECONFLICT, "noch hat niemand den Startwert bestätigt", "nobody has confirmed",
            "pilot draw", "seed", "x", "by", "Person 02");
    must(w, "pilot confirm", "seed", "x", "by", "Person 01");
    must(w, "pilot status");
    assert_string_equal(text(w, "confirmed_by"), "Person 01");
    assert_null(json_object_get(w->answer, "seed")); /* the second person looks it up */
    refused(w, RH_EINVALID, "'Person 01' hat schon bestätigt", "has confirmed already",
            "pilot draw", "seed", "x", "by", " person  0-1.");
    refused(w, RH_EINVALID, "einer ist ein Schreibfehler", "one of them is a slip", "pilot draw",
            "seed", "X", "by", "Person 02");
    w->now += 8 * 86400;
    refused(w, RH_ECONFLICT, "mehr als 7 Tage her", "more than 7 days ago", "pilot draw", "seed",
            "x", "by", "Person 02");
    must(w, "pilot status");
    assert_true(json_is_false(json_object_get(w->answer, "is_confirmed")));

    must(w, "pilot confirm", "seed", "x", "by", "Person 03");
    must(w, "pilot draw", "seed", "x", "by", "Person 02");
    must(w, "pilot show");
    assert_string_equal(text(w, "first"), "Person 03");
    assert_string_equal(text(w, "second"), "Person 02");
}

/* ---- the result ---- */

static void everybody_gets_an_outcome_with_its_reason(void **state)
{
    size_t selected = 0, i;
    json_t *one;
    (void)state;
    draw_example();

    must(w, "pilot show");
    assert_int_equal(item_count(w), 41);
    json_array_foreach(items(w), i, one)
    {
        if (strcmp(text_of(one, "outcome"), "selected") == 0)
            selected++;
        else
            assert_true(*text_of(one, "reason"));
    }
    assert_int_equal(selected, 18);
    json_array_foreach(list_of("strata"), i, one)
    {
        int64_t count = json_integer_value(json_object_get(one, "selected"));

        assert_true(count >= json_integer_value(json_object_get(one, "min")) &&
                    count <= json_integer_value(json_object_get(one, "max")));
    }
    assert_string_equal(text(w, "robust_single"), "18 von 18 (100 %)");
}

static void a_dropout_is_replaced_by_rule_and_becomes_a_procedure(void **state)
{
    char left[64], new[64];
    size_t i;
    json_t *one;
    (void)state;
    draw_example();
    must(w, "pilot show");
    snprintf(left, sizeof(left), "%s", text_of(json_array_get(items(w), 0), "office"));

    must(w, "pilot replace", "office", left, "reason", "Beispiel", "by", "Leitung");
    snprintf(new, sizeof(new), "%s", text(w, "new"));
    json_array_foreach(items(w), i, one)
        assert_true(json_integer_value(json_object_get(one, "after")) <=
                    json_integer_value(json_object_get(one, "max")));
    refused(w, RH_ECONFLICT, "ist kein Standort", "is not a site", "pilot replace", "office", left,
            "reason", "Beispiel", "by", "Leitung");

    must(w, "pilot start", "month", "2027-03");
    assert_int_equal(number(w, "procedures"), 18);
    must(w, "procedure list", "office", new);
    assert_int_equal(item_count(w), 1);
    assert_string_equal(text_of(json_array_get(items(w), 0), "start_month"), "2027-03");
    must(w, "procedure list", "office", left);
    assert_int_equal(item_count(w), 0);
}

static void everybody_gets_one_letter_that_waits_for_a_person(void **state)
{
    size_t i;
    json_t *one;
    (void)state;
    draw_example();

    must(w, "pilot letters");
    assert_int_equal(number(w, "letters"), 41);
    must(w, "pilot letters"); /* nobody is written to twice */
    assert_int_equal(number(w, "letters"), 0);
    must(w, "mail list");
    json_array_foreach(items(w), i, one) assert_string_equal(text_of(one, "state"), "held");
}

static void after_a_replacement_those_it_concerns_get_a_second_letter(void **state)
{
    char left[64], new[64], id[32];
    (void)state;
    draw_example();
    must(w, "pilot letters", "letters", "41");
    must(w, "pilot show");
    snprintf(left, sizeof(left), "%s", text_of(json_array_get(items(w), 0), "office"));
    must(w, "pilot replace", "office", left, "reason", "Personalwechsel", "by", "Leitung");
    snprintf(new, sizeof(new), "%s", text(w, "new"));

    must(w, "pilot drafts");
    assert_int_equal(number(w, "letters"), 2);
    assert_string_equal(text_of(item(w, "office", left), "state"), "changed");
    assert_says(text_of(item(w, "office", left), "text"), "ausgeschieden: Personalwechsel");
    assert_says(text_of(item(w, "office", new), "text"), "rückt von der Reserveliste nach");
    refused(w, RH_ECONFLICT, "es sind jetzt 2 neue Schreiben, nicht 41", "it is 2 new letters now",
            "pilot letters", "letters", "41");
    must(w, "pilot letters", "letters", "2");
    must(w, "pilot drafts");
    assert_int_equal(number(w, "letters"), 0);
    must(w, "mail list", "state", "dropped"); /* the two that were not true any more */
    assert_int_equal(item_count(w), 2);
    must(w, "mail list", "state", "held");
    assert_int_equal(item_count(w), 41);
    snprintf(id, sizeof(id), "%lld",
             (long long)json_integer_value(json_object_get(json_array_get(items(w), 0), "id")));
    must(w, "mail show", "id", id);
    assert_says(text(w, "text"), "Guten Tag");
}

/* A region and a kind cross so that nobody fits alone. */
static void where_nobody_fits_alone_the_smallest_change_is_offered(void **state)
{
    char site[64];
    (void)state;
    must(w, "pilot open", "id", "kette", "places", "2");
    must(w, "pilot import", "file",
         "=office,committed,a,b\nahaus,ja,1,0\nbonn,ja,0,1\nlemgo,ja,1,1\nahlen,ja,0,0\n");
    must(w, "pilot quota set", "label", "A", "where", "a=1", "min", "1", "max", "1");
    must(w, "pilot quota set", "label", "B", "where", "b=1", "min", "1", "max", "1");
    must(w, "pilot freeze", "by", "A", "source", "B");
    must(w, "pilot confirm", "seed", "1", "by", "A");
    must(w, "pilot draw", "seed", "1", "by", "B");
    must(w, "pilot show");
    if (strcmp(text_of(item(w, "office", "ahaus"), "outcome"), "selected") == 0) {
        refused(w, RH_ECONFLICT, "zurück auf die Reserveliste: Stadt Bonn",
                "back to the reserve list", "pilot replace", "office", "ahaus", "reason", "x", "by",
                "L");
        must(w, "pilot replace", "office", "ahaus", "reason", "x", "by", "L", "changes", "1");
    } else {
        refused(w, RH_ECONFLICT, "zurück auf die Reserveliste: Stadt Ahlen",
                "back to the reserve list", "pilot replace", "office", "lemgo", "reason", "x", "by",
                "L");
        must(w, "pilot replace", "office", "lemgo", "reason", "x", "by", "L", "changes", "1");
    }
    assert_int_equal(number(w, "further"), 1);
    assert_int_equal(json_integer_value(json_object_get(item(w, "label", "A"), "after")), 1);
    must(w, "event list", "topic", "pilot.replaced");
    assert_int_equal(item_count(w), 2);
    /* Two of four are left, and they do not go together: nothing more can be done. */
    must(w, "pilot show");
    snprintf(site, sizeof(site), "%s", text_of(json_array_get(items(w), 0), "office"));
    refused(w, RH_ECONFLICT, "auch nicht mit weiteren Änderungen", "not even with further changes",
            "pilot replace", "office", site, "reason", "x", "by", "L", "changes", "2");
}

/* ---- the bundle ---- */

/* "=" and the folder as the command line hands it over; with `name`, its byte `at` is another one.
 */
static char *bundle(const char *name, size_t at, long *ret_line)
{
    const json_t *files = list_of("files");
    char *folder = calloc(1, 1 << 20);
    size_t i, length = (size_t)snprintf(folder, 64, "=reihum-folder\n");
    json_t *file;

    json_array_foreach(files, i, file)
    {
        const char *bytes = text_of(file, "text");
        size_t size = strlen(bytes);

        length += (size_t)snprintf(folder + length, 256, "%s\t%zu\n", text_of(file, "name"), size);
        memcpy(folder + length, bytes, size);
        if (name && strcmp(name, text_of(file, "name")) == 0) {
            *ret_line = 1;
            for (size_t k = 0; k < at % size; k++)
                *ret_line += bytes[k] == '\n';
            folder[length + at % size] ^= 1;
        }
        length += size;
    }
    return folder;
}

static void a_bundle_is_verified_and_the_same_every_time(void **state)
{
    char *first, *second;
    long line;
    (void)state;
    draw_example();

    must(w, "pilot bundle");
    first = bundle(NULL, 0, &line);
    must(w, "pilot verify", "bundle", first);
    assert_int_equal(number(w, "panels"), 1000);
    assert_int_equal(number(w, "applicants"), 39);
    assert_true(number(w, "certificates") > 0);

    world_close(w);
    set_up(state);
    w->lang = RH_EN; /* the files know no language */
    draw_example();
    must(w, "pilot bundle");
    second = bundle(NULL, 0, &line);
    assert_string_equal(first, second);
    free(first);
    free(second);
}

static void a_changed_byte_is_named_with_file_and_line(void **state)
{
    static const char *const names[] = {"input.txt", "chances.txt", "lottery.txt", "draw.txt",
                                        "manifest.txt"};
    static char *changed[100];
    static char places[100][64];
    size_t count = 0;
    (void)state;
    draw_example();
    must(w, "pilot bundle");
    for (size_t i = 0; i < 5; i++)
        for (size_t k = 0; k < 20; k++, count++) {
            long line;

            changed[count] = bundle(names[i], k * 7919 + k, &line);
            snprintf(places[count], sizeof(places[count]), "%s, line %ld:", names[i], line);
        }

    for (size_t i = 0; i < count; i++) {
        refused(w, RH_EINVALID, "Zeile", places[i], "pilot verify", "bundle", changed[i]);
        free(changed[i]);
    }
    refused(w, RH_EINVALID, "input.txt: die Datei fehlt", "input.txt: the file is missing",
            "pilot verify", "bundle", "=reihum-folder\n");
    refused(w, RH_EINVALID, "ist kein Ordner mit den Dateien", "is not a folder with the files",
            "pilot verify", "bundle", "=reihum-folder\nlottery.txt\t99999\nabc");
}

static void quotas_are_proposed_from_all_offices(void **state)
{
    int64_t sum = 0;
    size_t i;
    json_t *one;
    (void)state;

    must(w, "pilot quota propose");
    json_array_foreach(items(w), i, one)
    {
        int64_t min = json_integer_value(json_object_get(one, "min"));

        assert_true(min >= 1); /* every cell has members */
        sum += min;
    }
    assert_int_equal(sum, 18);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(the_slide_contradicts_itself_and_that_is_said_in_numbers),
        TEST(a_person_relaxes_and_signs_and_nothing_else_does),
        TEST(chances_are_fractions_with_their_reason),
        TEST(header_variants_of_the_citizens_assembly_tools_are_the_same),
        TEST(the_published_examples_are_one_tenth_for_everybody),
        TEST(faults_of_these_files_are_named),
        TEST(faults_of_applications_are_named_and_nothing_is_kept),
        TEST(faults_of_quotas_are_named),
        TEST(further_columns_can_stand_in_quotas),
        TEST(a_pin_that_makes_quotas_impossible_is_refused),
        TEST(a_frozen_selection_changes_no_more_and_is_drawn_once),
        TEST(two_different_persons_act_one_after_the_other),
        TEST(everybody_gets_an_outcome_with_its_reason),
        TEST(a_dropout_is_replaced_by_rule_and_becomes_a_procedure),
        TEST(everybody_gets_one_letter_that_waits_for_a_person),
        TEST(after_a_replacement_those_it_concerns_get_a_second_letter),
        TEST(where_nobody_fits_alone_the_smallest_change_is_offered),
        TEST(a_bundle_is_verified_and_the_same_every_time),
        TEST(a_changed_byte_is_named_with_file_and_line),
        TEST(quotas_are_proposed_from_all_offices),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
