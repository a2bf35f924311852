// Audits a candidate: audit PANEL CANDIDATE prints the verdict and which question it answers.
package main

// #cgo pkg-config: stemma-c
// #include <stdlib.h>
// #include "stemma/c.h"
import "C"

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"runtime"
	"unsafe"
)

type report struct {
	Canonical struct {
		Candidate struct{ Model string }
		Headline  struct{ Class, Verdict string }
	}
}

// The last error belongs to a thread of the system, which a goroutine must not leave before it has asked.
func failure(status C.stemma_status) error {
	if status == C.STEMMA_OK {
		return nil
	}
	return errors.New(C.GoString(C.stemma_status_name(status)) + ": " + C.GoString(C.stemma_last_error()))
}

func audit(panelPath, candidatePath string) (*report, error) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	panelName, candidateName := C.CString(panelPath), C.CString(candidatePath)
	defer C.free(unsafe.Pointer(panelName))
	defer C.free(unsafe.Pointer(candidateName))

	var panel *C.stemma_panel
	if err := failure(C.stemma_panel_open(panelName, &panel)); err != nil {
		return nil, err
	}
	defer C.stemma_panel_free(panel)
	var candidate *C.stemma_signature
	if err := failure(C.stemma_signature_read(candidateName, &candidate)); err != nil {
		return nil, err
	}
	defer C.stemma_signature_free(candidate)
	var text *C.char
	var size C.size_t
	if err := failure(C.stemma_audit_json(panel, candidate, nil, &text, &size)); err != nil {
		return nil, err
	}
	defer C.stemma_string_free(text)
	out := new(report)
	return out, json.Unmarshal(C.GoBytes(unsafe.Pointer(text), C.int(size)), out)
}

func main() {
	if len(os.Args) != 3 {
		fmt.Fprintln(os.Stderr, "usage: audit PANEL CANDIDATE")
		os.Exit(2)
	}
	found, err := audit(os.Args[1], os.Args[2])
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	headline := found.Canonical.Headline
	fmt.Printf("%s: %s (%s)\n", found.Canonical.Candidate.Model, headline.Verdict, headline.Class)
}
