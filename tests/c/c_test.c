/* Calls every function of stemma/c.h and brings about every status, as a C99 program would.
 *
 * Protects: what a program in another language relies on: who owns what, which status comes when, messages that name
 * the parameter, and a report equal to that of the program. STEMMA_INTERNAL has no way to it from here, which is its
 * meaning: tests/c/boundary_test.cc makes it.
 *
 * Arguments: the folder of the sources, the program stemma or "", and what to run: "functions" or "threads".
 */
#define _POSIX_C_SOURCE 200809L

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "stemma/c.h"

static int failures = 0;
static char folder[] = "/tmp/stemma_c_XXXXXX";
static const char* sources;
static const char* program;

static void Fail(int line, const char* what) {
  fprintf(stderr, "c_test.c:%d: %s; the last error is \"%s\"\n", line, what, stemma_last_error());
  ++failures;
}

#define CHECK(condition) ((condition) ? (void)0 : Fail(__LINE__, #condition))

/* The call fails with the status, and the message holds the words. */
#define CHECK_FAILS(call, status, words)                                                 \
  do {                                                                                   \
    if ((call) != (status)) Fail(__LINE__, #call " does not return " #status);           \
    if (strstr(stemma_last_error(), words) == NULL) Fail(__LINE__, "no word of " words); \
  } while (0)

/* Joined paths live until the eighth call from here. */
static const char* Join(const char* directory, const char* name) {
  static char paths[8][4096];
  static unsigned next = 0;
  char* const path = paths[next++ % 8];
  snprintf(path, sizeof paths[0], "%s/%s", directory, name);
  return path;
}

static const char* Source(const char* name) { return Join(sources, name); }
static const char* Temporary(const char* name) { return Join(folder, name); }

/* The file's bytes with a 0 behind them; freed by the caller. */
static char* ReadFile(const char* path, size_t* size) {
  FILE* const file = fopen(path, "rb");
  char* bytes = NULL;
  long end = 0;
  *size = 0;
  if (file == NULL || fseek(file, 0, SEEK_END) != 0 || (end = ftell(file)) < 0) {
    Fail(__LINE__, path);
    exit(1);
  }
  rewind(file);
  bytes = malloc((size_t)end + 1);
  *size = fread(bytes, 1, (size_t)end, file);
  bytes[*size] = '\0';
  fclose(file);
  return bytes;
}

static void WriteFile(const char* path, const char* text) {
  FILE* const file = fopen(path, "wb");
  if (file == NULL || fputs(text, file) < 0 || fclose(file) != 0) {
    Fail(__LINE__, path);
    exit(1);
  }
}

/* strstr for bytes that hold zeros. */
static int Holds(const char* bytes, size_t size, const char* word) {
  const size_t length = strlen(word);
  size_t at;
  for (at = 0; at + length <= size; ++at) {
    if (memcmp(bytes + at, word, length) == 0) return 1;
  }
  return 0;
}

static stemma_panel* OpenPanel(void) {
  stemma_panel* panel = NULL;
  CHECK(stemma_panel_open(Source("data/panel.stemma"), &panel) == STEMMA_OK);
  return panel;
}

static stemma_vocabulary* OpenVocabulary(void) {
  stemma_vocabulary* vocabulary = NULL;
  CHECK(stemma_vocabulary_open(Source("data/vocabulary.stemma"), &vocabulary) == STEMMA_OK);
  return vocabulary;
}

static stemma_signature* ReadSignature(const char* path) {
  stemma_signature* signature = NULL;
  CHECK(stemma_signature_read(path, &signature) == STEMMA_OK);
  return signature;
}

static void CheckSameSignature(const stemma_signature* a, const stemma_signature* b) {
  char* bytes_a = NULL;
  char* bytes_b = NULL;
  size_t size_a = 0;
  size_t size_b = 0;
  CHECK(stemma_signature_bytes(a, &bytes_a, &size_a) == STEMMA_OK);
  CHECK(stemma_signature_bytes(b, &bytes_b, &size_b) == STEMMA_OK);
  CHECK(size_a > 0 && size_a == size_b && memcmp(bytes_a, bytes_b, size_a) == 0);
  stemma_string_free(bytes_a);
  stemma_string_free(bytes_b);
}

static void TestVersion(void) {
  static const struct {
    stemma_status status;
    const char* name;
  } kNames[] = {
      {STEMMA_OK, "OK"},
      {STEMMA_CANCELLED, "CANCELLED"},
      {STEMMA_INVALID_ARGUMENT, "INVALID_ARGUMENT"},
      {STEMMA_NOT_FOUND, "NOT_FOUND"},
      {STEMMA_PERMISSION_DENIED, "PERMISSION_DENIED"},
      {STEMMA_RESOURCE_EXHAUSTED, "RESOURCE_EXHAUSTED"},
      {STEMMA_FAILED_PRECONDITION, "FAILED_PRECONDITION"},
      {STEMMA_UNIMPLEMENTED, "UNIMPLEMENTED"},
      {STEMMA_INTERNAL, "INTERNAL"},
      {STEMMA_DATA_LOSS, "DATA_LOSS"},
      {(stemma_status)14, "UNKNOWN"},
  };
  size_t k;
  CHECK(strcmp(stemma_version(), STEMMA_VERSION) == 0);
  CHECK(stemma_abi_version() == STEMMA_ABI_VERSION);
  for (k = 0; k < sizeof kNames / sizeof kNames[0]; ++k) {
    CHECK(strcmp(stemma_status_name(kNames[k].status), kNames[k].name) == 0);
  }
}

static void TestLastError(void) {
  stemma_panel* panel = NULL;
  CHECK(strcmp(stemma_last_error(), "") == 0);
  CHECK(stemma_panel_open(NULL, &panel) == STEMMA_INVALID_ARGUMENT);
  CHECK(strcmp(stemma_last_error(), "path must not be NULL") == 0);
  /* A call that succeeds leaves the message of the one before. */
  stemma_vocabulary_free(OpenVocabulary());
  CHECK(strcmp(stemma_last_error(), "path must not be NULL") == 0);
}

static void TestFreeTakesNull(void) {
  stemma_string_free(NULL);
  stemma_vocabulary_free(NULL);
  stemma_panel_free(NULL);
  stemma_signature_free(NULL);
}

static void TestNullParameters(void) {
  stemma_vocabulary* const vocabulary = OpenVocabulary();
  stemma_panel* const panel = OpenPanel();
  stemma_signature* const signature = ReadSignature(Source("data/demo/minotaur-13b.stemma"));
  stemma_signature* other = NULL;
  stemma_vocabulary* other_vocabulary = NULL;
  const stemma_response response = {"How?", "So.", NULL, -1};
  char* text = NULL;
  size_t size = 1;

  CHECK_FAILS(stemma_vocabulary_open(NULL, &other_vocabulary), STEMMA_INVALID_ARGUMENT, "path must not be NULL");
  CHECK_FAILS(stemma_vocabulary_open("x", NULL), STEMMA_INVALID_ARGUMENT, "vocabulary must not be NULL");
  CHECK_FAILS(stemma_panel_open("x", NULL), STEMMA_INVALID_ARGUMENT, "panel must not be NULL");
  CHECK_FAILS(stemma_panel_vocabulary(NULL, &other_vocabulary), STEMMA_INVALID_ARGUMENT, "panel must not be NULL");
  CHECK_FAILS(stemma_panel_vocabulary(panel, NULL), STEMMA_INVALID_ARGUMENT, "vocabulary must not be NULL");

  CHECK_FAILS(stemma_sign_file(NULL, "x", NULL, &other), STEMMA_INVALID_ARGUMENT, "vocabulary must not be NULL");
  CHECK_FAILS(stemma_sign_file(vocabulary, NULL, NULL, &other), STEMMA_INVALID_ARGUMENT, "path must not be NULL");
  CHECK_FAILS(stemma_sign_file(vocabulary, "x", NULL, NULL), STEMMA_INVALID_ARGUMENT, "signature must not be NULL");
  CHECK_FAILS(stemma_sign_responses(NULL, &response, 1, NULL, &other), STEMMA_INVALID_ARGUMENT, "vocabulary must not");
  CHECK_FAILS(stemma_sign_responses(vocabulary, NULL, 1, NULL, &other), STEMMA_INVALID_ARGUMENT, "responses must not");
  CHECK_FAILS(stemma_sign_responses(vocabulary, &response, 1, NULL, NULL), STEMMA_INVALID_ARGUMENT, "signature must");

  CHECK_FAILS(stemma_signature_read(NULL, &other), STEMMA_INVALID_ARGUMENT, "path must not be NULL");
  CHECK_FAILS(stemma_signature_read("x", NULL), STEMMA_INVALID_ARGUMENT, "signature must not be NULL");
  CHECK_FAILS(stemma_signature_parse(NULL, 1, &other), STEMMA_INVALID_ARGUMENT, "bytes must not be NULL");
  CHECK_FAILS(stemma_signature_parse("x", 1, NULL), STEMMA_INVALID_ARGUMENT, "signature must not be NULL");
  CHECK_FAILS(stemma_signature_write(NULL, "x"), STEMMA_INVALID_ARGUMENT, "signature must not be NULL");
  CHECK_FAILS(stemma_signature_write(signature, NULL), STEMMA_INVALID_ARGUMENT, "path must not be NULL");
  CHECK_FAILS(stemma_signature_bytes(NULL, &text, &size), STEMMA_INVALID_ARGUMENT, "signature must not be NULL");
  CHECK(text == NULL && size == 0);
  CHECK_FAILS(stemma_signature_bytes(signature, NULL, &size), STEMMA_INVALID_ARGUMENT, "bytes must not be NULL");
  CHECK_FAILS(stemma_signature_bytes(signature, &text, NULL), STEMMA_INVALID_ARGUMENT, "size must not be NULL");
  CHECK(stemma_signature_model(NULL) == NULL);

  CHECK_FAILS(stemma_audit_json(NULL, signature, NULL, &text, &size), STEMMA_INVALID_ARGUMENT, "panel must not be");
  CHECK_FAILS(stemma_audit_json(panel, NULL, NULL, &text, &size), STEMMA_INVALID_ARGUMENT, "candidate must not be");
  CHECK_FAILS(stemma_audit_json(panel, signature, NULL, NULL, &size), STEMMA_INVALID_ARGUMENT, "json must not be");
  CHECK(other == NULL && other_vocabulary == NULL && text == NULL && size == 0);
  stemma_signature_free(signature);
  stemma_panel_free(panel);
  stemma_vocabulary_free(vocabulary);
}

/* A failure leaves no handle of an earlier call in the caller's hand. */
static void TestFailureGivesNull(void) {
  stemma_panel* const panel = OpenPanel();
  stemma_panel* result = panel;
  CHECK_FAILS(stemma_panel_open(Temporary("none"), &result), STEMMA_NOT_FOUND, "none: No such file");
  CHECK(result == NULL);
  stemma_panel_free(panel);
}

static void TestSignFile(void) {
  stemma_panel* const panel = OpenPanel();
  stemma_vocabulary* vocabulary = NULL;
  stemma_sign_options options = {.size = sizeof(stemma_sign_options)};
  stemma_signature* signature = NULL;
  stemma_signature* again = NULL;
  char* bytes = NULL;
  size_t size = 0;
  CHECK(stemma_panel_vocabulary(panel, &vocabulary) == STEMMA_OK);
  stemma_panel_free(panel); /* its vocabulary lives on */
  CHECK(stemma_sign_file(vocabulary, Source("data/demo/example.jsonl"), NULL, &signature) == STEMMA_OK);
  stemma_vocabulary_free(vocabulary); /* and so does the signature */
  CHECK(strcmp(stemma_signature_model(signature), "example-model") == 0);

  CHECK(stemma_signature_write(signature, Temporary("example.stemma")) == STEMMA_OK);
  again = ReadSignature(Temporary("example.stemma"));
  CheckSameSignature(signature, again);
  stemma_signature_free(again);
  CHECK(stemma_signature_bytes(signature, &bytes, &size) == STEMMA_OK);
  CHECK(stemma_signature_parse(bytes, size, &again) == STEMMA_OK);
  CheckSameSignature(signature, again);
  stemma_string_free(bytes);
  stemma_signature_free(again);
  stemma_signature_free(signature);

  vocabulary = OpenVocabulary();
  options.model = "another";
  options.threads = 1;
  CHECK(stemma_sign_file(vocabulary, Source("data/demo/example.jsonl"), &options, &signature) == STEMMA_OK);
  CHECK(strcmp(stemma_signature_model(signature), "another") == 0);
  stemma_signature_free(signature);
  stemma_vocabulary_free(vocabulary);
}

static void TestSignOptions(void) {
  stemma_vocabulary* const vocabulary = OpenVocabulary();
  stemma_signature* signature = NULL;
  stemma_sign_options options = {.size = sizeof(stemma_sign_options)};
  const char* tables[2] = {NULL, NULL};
  char* bytes = NULL;
  size_t size = 0;
  WriteFile(Temporary("two.jsonl"),
            "{\"model\": \"a\", \"prompt\": \"How?\", \"response\": \"So.\"}\n"
            "{\"model\": \"b\", \"prompt\": \"How?\", \"response\": \"Thus.\"}\n");
  CHECK_FAILS(stemma_sign_file(vocabulary, Temporary("two.jsonl"), NULL, &signature), STEMMA_INVALID_ARGUMENT,
              "one model, got 2: a b");

  WriteFile(Temporary("bad.jsonl"), "{\"prompt\": \"How?\", \"response\": \"So.\"}\n{\"prompt\": \n");
  CHECK_FAILS(stemma_sign_file(vocabulary, Temporary("bad.jsonl"), NULL, &signature), STEMMA_INVALID_ARGUMENT,
              "bad.jsonl:2: byte ");
  options.skip_bad = 1;
  CHECK(stemma_sign_file(vocabulary, Temporary("bad.jsonl"), &options, &signature) == STEMMA_OK);
  CHECK(strcmp(stemma_signature_model(signature), "bad") == 0);
  stemma_signature_free(signature);

  WriteFile(Temporary("models.tsv"), "model\torganisation\nbad\tA Maker\n");
  options.metadata_count = 1;
  CHECK_FAILS(stemma_sign_file(vocabulary, Temporary("bad.jsonl"), &options, &signature), STEMMA_INVALID_ARGUMENT,
              "options->metadata_paths must not be NULL");
  options.metadata_paths = tables;
  CHECK_FAILS(stemma_sign_file(vocabulary, Temporary("bad.jsonl"), &options, &signature), STEMMA_INVALID_ARGUMENT,
              "options->metadata_paths[0] must not be NULL");
  tables[0] = Temporary("models.tsv");
  CHECK(stemma_sign_file(vocabulary, Temporary("bad.jsonl"), &options, &signature) == STEMMA_OK);
  CHECK(stemma_signature_bytes(signature, &bytes, &size) == STEMMA_OK);
  CHECK(Holds(bytes, size, "A Maker"));
  stemma_string_free(bytes);
  stemma_signature_free(signature);
  stemma_vocabulary_free(vocabulary);
}

/* Programs that were compiled with other versions of the header pass structures of other sizes. */
static void TestSizesOfOptions(void) {
  stemma_vocabulary* const vocabulary = OpenVocabulary();
  stemma_panel* const panel = OpenPanel();
  stemma_signature* signature = NULL;
  struct {
    stemma_sign_options known;
    char unknown[8];
  } newer = {{.size = sizeof newer}, {0}};
  stemma_audit_options audit_options = {0};
  char* json = NULL;
  CHECK(stemma_sign_file(vocabulary, Source("data/demo/example.jsonl"), &newer.known, &signature) == STEMMA_OK);
  stemma_signature_free(signature);
  newer.known.size = 0;
  CHECK_FAILS(stemma_sign_file(vocabulary, "x", &newer.known, &signature), STEMMA_INVALID_ARGUMENT,
              "options->size must be sizeof(stemma_sign_options)");
  CHECK(signature == NULL);
  newer.known.size = sizeof newer;
  newer.unknown[7] = 1;
  CHECK_FAILS(stemma_sign_file(vocabulary, "x", &newer.known, &signature), STEMMA_INVALID_ARGUMENT, "does not know");

  signature = ReadSignature(Source("data/demo/minotaur-13b.stemma"));
  CHECK_FAILS(stemma_audit_json(panel, signature, &audit_options, &json, NULL), STEMMA_INVALID_ARGUMENT,
              "options->size must be sizeof(stemma_audit_options)");
  audit_options.size = sizeof audit_options;
  audit_options.reserved = 1;
  CHECK_FAILS(stemma_audit_json(panel, signature, &audit_options, &json, NULL), STEMMA_INVALID_ARGUMENT,
              "options->reserved must be 0, got 1");
  stemma_signature_free(signature);
  stemma_panel_free(panel);
  stemma_vocabulary_free(vocabulary);
}

/* Responses in memory are those of a file: the same signature, samples counted alike. */
static void TestSignResponses(void) {
  static const stemma_response kResponses[] = {
      {"Name a tree.", "An oak.\n", NULL, -1},
      {"Name a tree.", "<think>Which one?</think>A \"beech\".", NULL, -1},
      {"Wo w\xc3\xa4"
       "chst die Linde?",
       "Am Brunnen.", "vor dem Tore", 4},
      {"Name a shrub.", "", NULL, -1},
  };
  static const char kLines[] =
      "{\"prompt\": \"Name a tree.\", \"response\": \"An oak.\\n\"}\n"
      "{\"prompt\": \"Name a tree.\", \"response\": \"<think>Which one?</think>A \\\"beech\\\".\"}\n"
      "{\"prompt\": \"Wo w\\u00e4chst die Linde?\", \"response\": \"Am Brunnen.\", \"reasoning\": \"vor dem Tore\", "
      "\"sample\": 4}\n"
      "{\"prompt\": \"Name a shrub.\", \"response\": \"\"}\n";
  stemma_vocabulary* const vocabulary = OpenVocabulary();
  stemma_panel* const panel = OpenPanel();
  stemma_signature* in_memory = NULL;
  stemma_signature* of_file = NULL;
  stemma_sign_options options = {.size = sizeof(stemma_sign_options)};
  char* report_of_memory = NULL;
  char* report_of_file = NULL;
  options.model = "trees";
  WriteFile(Temporary("trees.jsonl"), kLines);
  CHECK(stemma_sign_responses(vocabulary, kResponses, 4, &options, &in_memory) == STEMMA_OK);
  CHECK(stemma_sign_file(vocabulary, Temporary("trees.jsonl"), NULL, &of_file) == STEMMA_OK);
  CheckSameSignature(in_memory, of_file);
  /* With all that an audit tells of what was left out. */
  CHECK(stemma_audit_json(panel, in_memory, NULL, &report_of_memory, NULL) == STEMMA_OK);
  CHECK(stemma_audit_json(panel, of_file, NULL, &report_of_file, NULL) == STEMMA_OK);
  CHECK(strcmp(report_of_memory, report_of_file) == 0);
  CHECK(strstr(report_of_memory, "\"responses_with_reasoning\": 2") != NULL);
  stemma_string_free(report_of_memory);
  stemma_string_free(report_of_file);
  stemma_signature_free(in_memory);
  stemma_signature_free(of_file);
  stemma_panel_free(panel);
  stemma_vocabulary_free(vocabulary);
}

static void TestSignResponsesRefuses(void) {
  stemma_vocabulary* const vocabulary = OpenVocabulary();
  stemma_signature* signature = NULL;
  stemma_sign_options options = {.size = sizeof(stemma_sign_options)};
  stemma_response responses[2] = {{"How?", "So.", NULL, -1}, {"How?", "Thus.", NULL, 0}};
  CHECK_FAILS(stemma_sign_responses(vocabulary, responses, 2, &options, &signature), STEMMA_INVALID_ARGUMENT,
              "options->model must name");
  options.model = "m";
  CHECK_FAILS(stemma_sign_responses(vocabulary, responses, 0, &options, &signature), STEMMA_INVALID_ARGUMENT,
              "count must be at least 1");
  /* Both are sample 0; the places are those in the array, and the path of no file is told. */
  CHECK_FAILS(stemma_sign_responses(vocabulary, responses, 2, &options, &signature), STEMMA_INVALID_ARGUMENT,
              "responses:2: byte ");
  CHECK(strstr(stemma_last_error(), "stands at responses:1") != NULL && strstr(stemma_last_error(), "/proc") == NULL);
  responses[1].sample = -2;
  CHECK_FAILS(stemma_sign_responses(vocabulary, responses, 2, &options, &signature), STEMMA_INVALID_ARGUMENT,
              "responses[1].sample must be -1 or a number from 0, got -2");
  responses[1].prompt = NULL;
  CHECK_FAILS(stemma_sign_responses(vocabulary, responses, 2, &options, &signature), STEMMA_INVALID_ARGUMENT,
              "responses[1].prompt must not be NULL");
  responses[0].response = "\xff";
  CHECK_FAILS(stemma_sign_responses(vocabulary, responses, 2, &options, &signature), STEMMA_INVALID_ARGUMENT,
              "responses[0].response is not UTF-8");
  stemma_vocabulary_free(vocabulary);
}

/* The report is the program's, byte for byte, also where options differ from their defaults. */
static void TestAuditIsThatOfTheProgram(void) {
  static const char* const kReferences[] = {"claude-2", "gpt4"};
  stemma_panel* const panel = OpenPanel();
  stemma_signature* const signature = ReadSignature(Source("data/demo/claude2-alpaca-13b.stemma"));
  stemma_audit_options options = {.size = sizeof(stemma_audit_options)};
  char command[16384];
  char* json = NULL;
  char* expected = NULL;
  size_t size = 0;
  size_t expected_size = 0;
  CHECK(stemma_audit_json(panel, signature, NULL, &json, &size) == STEMMA_OK);
  CHECK(size > 0 && strlen(json) == size);
  CHECK(strstr(json, "\"verdict\": \"consistent_with_shared_origin\"") != NULL);
  stemma_string_free(json);

  options.references = kReferences;
  options.reference_count = 2;
  options.prior = 0.25;
  options.alpha = 0.1;
  options.threads = 2;
  CHECK(stemma_audit_json(panel, signature, &options, &json, &size) == STEMMA_OK);
  if (program[0] != '\0') {
    snprintf(command, sizeof command,
             "'%s' audit '%s' --panel '%s' --reference claude-2 --reference gpt4 --prior 0.25 --alpha 0.1 "
             "--no-provenance --no-embeddings --json '%s' >'%s'",
             program, Source("data/demo/claude2-alpaca-13b.stemma"), Source("data/panel.stemma"), Temporary("cli.json"),
             Temporary("cli.txt"));
    CHECK(system(command) == 0);
    expected = ReadFile(Temporary("cli.json"), &expected_size);
    CHECK(size == expected_size && memcmp(json, expected, size) == 0);
    free(expected);
  }
  stemma_string_free(json);
  stemma_signature_free(signature);
  stemma_panel_free(panel);
}

static void TestAuditRefuses(void) {
  static const char* const kStranger[] = {"no such model"};
  static const char* const kNull[] = {NULL};
  stemma_panel* const panel = OpenPanel();
  stemma_signature* const signature = ReadSignature(Source("data/demo/minotaur-13b.stemma"));
  stemma_audit_options options = {.size = sizeof(stemma_audit_options)};
  char* json = NULL;
  options.reference_count = 1;
  CHECK_FAILS(stemma_audit_json(panel, signature, &options, &json, NULL), STEMMA_INVALID_ARGUMENT,
              "options->references must not be NULL");
  options.references = kNull;
  CHECK_FAILS(stemma_audit_json(panel, signature, &options, &json, NULL), STEMMA_INVALID_ARGUMENT,
              "options->references[0] must not be NULL");
  options.references = kStranger;
  CHECK_FAILS(stemma_audit_json(panel, signature, &options, &json, NULL), STEMMA_NOT_FOUND, "no such model");
  options.reference_count = 0;
  options.prior = 1;
  CHECK_FAILS(stemma_audit_json(panel, signature, &options, &json, NULL), STEMMA_INVALID_ARGUMENT, "below 1, got 1");
  options.prior = 0;
  options.alpha = -1;
  CHECK_FAILS(stemma_audit_json(panel, signature, &options, &json, NULL), STEMMA_INVALID_ARGUMENT, "alpha must be");
  CHECK(json == NULL);
  stemma_signature_free(signature);
  stemma_panel_free(panel);
}

static int32_t StopAtOnce(void* context, const char* stage, uint64_t done, uint64_t total) {
  int* const calls = context;
  ++*calls;
  CHECK(strcmp(stage, "reading") == 0 && done <= total);
  return 1;
}

static void TestCancelled(void) {
  stemma_vocabulary* const vocabulary = OpenVocabulary();
  stemma_signature* signature = NULL;
  stemma_sign_options options = {.size = sizeof(stemma_sign_options)};
  int calls = 0;
  options.progress = StopAtOnce;
  options.progress_context = &calls;
  CHECK_FAILS(stemma_sign_file(vocabulary, Source("data/demo/example.jsonl"), &options, &signature), STEMMA_CANCELLED,
              "stopped while reading");
  CHECK(calls == 1);
  stemma_vocabulary_free(vocabulary);
}

static void TestResourceExhausted(void) {
  stemma_vocabulary* const vocabulary = OpenVocabulary();
  stemma_signature* signature = NULL;
  stemma_sign_options options = {.size = sizeof(stemma_sign_options)};
  options.max_record_bytes = 16;
  CHECK_FAILS(stemma_sign_file(vocabulary, Source("data/demo/example.jsonl"), &options, &signature),
              STEMMA_RESOURCE_EXHAUSTED, "16");
  stemma_vocabulary_free(vocabulary);
}

/* In containers tests run as the superuser, whom no permission stops. */
static void TestPermissionDenied(void) {
  const uid_t user = geteuid();
  stemma_panel* panel = NULL;
  WriteFile(Temporary("locked"), "x");
  CHECK(chmod(Temporary("locked"), 0) == 0);
  if (user == 0) CHECK(seteuid(65534) == 0);
  CHECK_FAILS(stemma_panel_open(Temporary("locked"), &panel), STEMMA_PERMISSION_DENIED, "locked: Permission denied");
  if (user == 0) CHECK(seteuid(user) == 0);
}

static void TestFilesThatCannotBeRead(void) {
  enum { kMajorVersion = 8 }; /* offset in every file's header */
  stemma_signature* signature = NULL;
  size_t size = 0;
  char* const bytes = ReadFile(Source("data/demo/minotaur-13b.stemma"), &size);
  CHECK_FAILS(stemma_signature_parse(bytes, size - 8, &signature), STEMMA_DATA_LOSS, "signature in memory");
  bytes[size / 2] ^= 1;
  CHECK_FAILS(stemma_signature_parse(bytes, size, &signature), STEMMA_DATA_LOSS, "signature in memory");
  bytes[kMajorVersion] = 2;
  CHECK_FAILS(stemma_signature_parse(bytes, size, &signature), STEMMA_UNIMPLEMENTED, "signature in memory");
  CHECK_FAILS(stemma_signature_parse("", 0, &signature), STEMMA_INVALID_ARGUMENT, "signature in memory");
  CHECK_FAILS(stemma_signature_read(Source("data/panel.stemma"), &signature), STEMMA_INVALID_ARGUMENT, "panel");
  CHECK(signature == NULL);
  free(bytes);
}

static void TestFailedPrecondition(void) {
  stemma_panel* const panel = OpenPanel();
  stemma_signature* const signature = ReadSignature(Source("tests/vectors/v1/signature.stemma"));
  char* json = NULL;
  CHECK_FAILS(stemma_audit_json(panel, signature, NULL, &json, NULL), STEMMA_FAILED_PRECONDITION, "vocabulary");
  stemma_signature_free(signature);
  stemma_panel_free(panel);
}

typedef struct Worker {
  const stemma_panel* panel;
  const stemma_signature* signature;
  char missing[32];
  char* json;
} Worker;

static void* Work(void* argument) {
  Worker* const worker = argument;
  stemma_panel* none = NULL;
  stemma_audit_options options = {.size = sizeof(stemma_audit_options)};
  options.threads = 1;
  if (stemma_panel_open(worker->missing, &none) != STEMMA_NOT_FOUND ||
      stemma_audit_json(worker->panel, worker->signature, &options, &worker->json, NULL) != STEMMA_OK) {
    return NULL;
  }
  return strstr(stemma_last_error(), worker->missing) != NULL ? worker : NULL;
}

/* Handles are shared, messages are not. */
static void TestThreads(void) {
  enum { kWorkers = 4 };
  stemma_panel* const panel = OpenPanel();
  stemma_signature* const signature = ReadSignature(Source("data/demo/gallery/Mistral-7B-ReMax-v0.1.stemma"));
  Worker workers[kWorkers];
  pthread_t threads[kWorkers];
  void* result = NULL;
  int k;
  for (k = 0; k < kWorkers; ++k) {
    workers[k].panel = panel;
    workers[k].signature = signature;
    workers[k].json = NULL;
    snprintf(workers[k].missing, sizeof workers[k].missing, "missing-%d", k);
    CHECK(pthread_create(&threads[k], NULL, Work, &workers[k]) == 0);
  }
  for (k = 0; k < kWorkers; ++k) {
    CHECK(pthread_join(threads[k], &result) == 0 && result == &workers[k]);
    CHECK(workers[k].json != NULL && strcmp(workers[k].json, workers[0].json) == 0);
  }
  CHECK(strcmp(stemma_last_error(), "") == 0);
  for (k = 0; k < kWorkers; ++k) stemma_string_free(workers[k].json);
  stemma_signature_free(signature);
  stemma_panel_free(panel);
}

static void TestFunctions(void) {
  TestVersion();
  TestLastError();
  TestFreeTakesNull();
  TestNullParameters();
  TestFailureGivesNull();
  TestSignFile();
  TestSignOptions();
  TestSizesOfOptions();
  TestSignResponses();
  TestSignResponsesRefuses();
  TestAuditIsThatOfTheProgram();
  TestAuditRefuses();
  TestCancelled();
  TestResourceExhausted();
  TestPermissionDenied();
  TestFilesThatCannotBeRead();
  TestFailedPrecondition();
}

static void RemoveFolder(void) {
  static const char* const kNames[] = {"example.stemma", "two.jsonl", "bad.jsonl", "models.tsv",
                                       "trees.jsonl",    "cli.json",  "cli.txt",   "locked"};
  size_t k;
  for (k = 0; k < sizeof kNames / sizeof kNames[0]; ++k) remove(Temporary(kNames[k]));
  CHECK(rmdir(folder) == 0);
}

int main(int argc, char** argv) {
  if (argc != 4 || mkdtemp(folder) == NULL) {
    fprintf(stderr, "usage: c_test SOURCES PROGRAM functions|threads\n");
    return 2;
  }
  sources = argv[1];
  program = argv[2];
  if (strcmp(argv[3], "threads") == 0) {
    TestThreads();
  } else {
    TestFunctions();
  }
  RemoveFolder();
  if (failures == 0) return 0;
  fprintf(stderr, "%d checks failed\n", failures);
  return 1;
}
