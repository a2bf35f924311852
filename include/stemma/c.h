/* stemma for every language that can call C: sign responses, open a panel, audit a candidate to JSON.
 *
 * C99; the one header that includes nothing of the others. The library is libstemma-c, `pkg-config stemma-c`.
 *
 * Shape: handles are opaque. Whoever receives a handle from a function frees it with the `_free` of its kind, which
 * takes NULL, too. Handles do not depend on each other: a signature outlives the vocabulary that it was made with.
 * What a function takes it never keeps: paths, texts and options may go once it has returned. Text is UTF-8.
 * Errors: a function that can fail returns a status, and writes its result through its last parameters. Where it is
 * not STEMMA_OK the result is NULL (and a size 0), and stemma_last_error() says what, which value, and what was
 * allowed. A required parameter that is NULL is STEMMA_INVALID_ARGUMENT, and the message names it. No exception leaves
 * the library.
 * Threads: a handle may be used by many threads at once, and must be freed when none of them needs it any more. The
 * message of the last error belongs to its thread.
 * Determinism: that of the program: equal responses give equal bytes, whatever their order and the number of threads.
 */
#ifndef STEMMA_C_H_
#define STEMMA_C_H_

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#if defined(__GNUC__)
#define STEMMA_API __attribute__((visibility("default")))
#else
#define STEMMA_API
#endif

/* What a program was compiled for. It grows where a function, parameter or structure changes in a way that programs
 * must be compiled anew for, and with it the name of the shared library: functions and options that are added do not
 * count. */
#define STEMMA_ABI_VERSION 1

/* Numbers are those of absl::StatusCode. */
typedef enum stemma_status {
  STEMMA_OK = 0,
  STEMMA_CANCELLED = 1,            /* the progress function said stop */
  STEMMA_INVALID_ARGUMENT = 3,     /* a parameter, or malformed input: file, line, byte */
  STEMMA_NOT_FOUND = 5,            /* a file, or a reference that the panel does not have */
  STEMMA_PERMISSION_DENIED = 7,    /* a file */
  STEMMA_RESOURCE_EXHAUSTED = 8,   /* a limit exceeded, or no memory */
  STEMMA_FAILED_PRECONDITION = 9,  /* signature and panel of different vocabularies, a panel that is too small */
  STEMMA_UNIMPLEMENTED = 12,       /* a file of a newer format */
  STEMMA_INTERNAL = 13,            /* a bug of stemma's own */
  STEMMA_DATA_LOSS = 15            /* a checksum, or a file cut off */
} stemma_status;

/* What must be learned once and shipped: which words are masked and which features count. */
typedef struct stemma_vocabulary stemma_vocabulary;
/* The models that a candidate is held against, with a vocabulary of its own. */
typedef struct stemma_panel stemma_panel;
/* One model's responses as integers and hashes; no word of them. */
typedef struct stemma_signature stemma_signature;

/* Version of the library that runs, "0.1.0". Lives for ever. */
STEMMA_API const char* stemma_version(void);
/* STEMMA_ABI_VERSION of the library that runs. */
STEMMA_API int32_t stemma_abi_version(void);
/* "INVALID_ARGUMENT"; "UNKNOWN" for a number that is no status. Lives for ever. */
STEMMA_API const char* stemma_status_name(stemma_status status);
/* What the last call that failed on this thread had to say; "" before the first. Lives until the next one that fails. */
STEMMA_API const char* stemma_last_error(void);

/* Frees what a function below returned as `char*`. */
STEMMA_API void stemma_string_free(char* string);

STEMMA_API stemma_status stemma_vocabulary_open(const char* path, stemma_vocabulary** vocabulary);
STEMMA_API void stemma_vocabulary_free(stemma_vocabulary* vocabulary);

STEMMA_API stemma_status stemma_panel_open(const char* path, stemma_panel** panel);
STEMMA_API void stemma_panel_free(stemma_panel* panel);
/* The panel's own vocabulary, which candidates must be signed with. A handle of its own, freed apart from the panel. */
STEMMA_API stemma_status stemma_panel_vocabulary(const stemma_panel* panel, stemma_vocabulary** vocabulary);

/* How far the work is, in bytes of `total` (0: not known); `stage` lives during the call. Return 0 to go on, anything
 * else to stop: the running function then returns STEMMA_CANCELLED. Called on the thread of that function. */
typedef int32_t (*stemma_progress)(void* context, const char* stage, uint64_t done, uint64_t total);

/* Options begin with their own size, so that later versions can add some: {.size = sizeof(stemma_sign_options)} has all
 * others 0, which is each one's default. Whoever passes NULL means just that. */
typedef struct stemma_sign_options {
  size_t size;                       /* sizeof(stemma_sign_options) */
  const char* model;                 /* the model's name; NULL: as records say, else the file's name */
  const char* const* metadata_paths; /* tab-separated tables about models; later ones complete earlier ones */
  size_t metadata_count;
  size_t max_record_bytes;           /* 0: 64 MiB */
  stemma_progress progress;          /* may be NULL */
  void* progress_context;            /* handed to `progress` */
  int32_t skip_bad;                  /* not 0: go on after malformed records; an audit counts them */
  int32_t threads;                   /* 0: as many as the machine has */
} stemma_sign_options;

/* One stored response. Texts end with a 0. */
typedef struct stemma_response {
  const char* prompt;     /* as it was asked */
  const char* response;   /* as it came; tagged reasoning is split off, "" is an empty answer */
  const char* reasoning;  /* where it was stored apart; else NULL */
  int64_t sample;         /* number among the responses to one prompt; -1: as they come */
} stemma_response;

/* The signature of the one model whose responses a file holds: JSON Lines, AlpacaEval or chat; plain, gzip or
 * Zstandard. STEMMA_INVALID_ARGUMENT where it holds several models: name one with `model` only if they are one. */
STEMMA_API stemma_status stemma_sign_file(const stemma_vocabulary* vocabulary, const char* path,
                                          const stemma_sign_options* options, stemma_signature** signature);
/* The same of `count` responses in memory; `options->model` is required. Messages call the first one line 1. */
STEMMA_API stemma_status stemma_sign_responses(const stemma_vocabulary* vocabulary, const stemma_response* responses,
                                               size_t count, const stemma_sign_options* options,
                                               stemma_signature** signature);

STEMMA_API stemma_status stemma_signature_read(const char* path, stemma_signature** signature);
/* From the bytes of a signature's file. */
STEMMA_API stemma_status stemma_signature_parse(const void* bytes, size_t size, stemma_signature** signature);
/* The file is there whole or not at all. */
STEMMA_API stemma_status stemma_signature_write(const stemma_signature* signature, const char* path);
/* The bytes of its file, which hold zeros; freed by stemma_string_free. */
STEMMA_API stemma_status stemma_signature_bytes(const stemma_signature* signature, char** bytes, size_t* size);
/* The model's name; NULL for NULL. Lives as long as the signature. */
STEMMA_API const char* stemma_signature_model(const stemma_signature* signature);
STEMMA_API void stemma_signature_free(stemma_signature* signature);

typedef struct stemma_audit_options {
  size_t size;                    /* sizeof(stemma_audit_options) */
  const char* const* references;  /* models of the panel that were chosen before any score was seen */
  size_t reference_count;
  double prior;                   /* what if: a probability of H1, in (0, 1); 0: none */
  double alpha;                   /* a p above this supports nothing; 0: 0.05 */
  int32_t threads;                /* 0: as many as the machine has */
  int32_t reserved;               /* 0 */
} stemma_audit_options;

/* The report of one candidate: the bytes that `stemma audit --json - --no-provenance --no-embeddings` writes of the same
 * candidate, panel and options, with a 0 behind them. `size` counts them without it, and may be NULL. Freed by stemma_string_free.
 * A verdict stands in canonical.headline. It is about likeness: see the limitations that each report lists. */
STEMMA_API stemma_status stemma_audit_json(const stemma_panel* panel, const stemma_signature* candidate,
                                           const stemma_audit_options* options, char** json, size_t* size);

#ifdef __cplusplus
}
#endif

#endif /* STEMMA_C_H_ */
