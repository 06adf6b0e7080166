package esrmodel

import "fmt"

// redacted stands wherever a value must not be printed.
const redacted = "[not shown]"

// NINumber is a National Insurance number. It prints as a placeholder, so that
// no log, error or JSON can carry one by accident; convert it to a string on
// purpose to compare or store it.
type NINumber string

// String returns a placeholder.
func (NINumber) String() string { return redacted }

// GoString returns a placeholder.
func (NINumber) GoString() string { return redacted }

// Format writes a placeholder whatever the verb.
func (NINumber) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte(redacted)) }

// MarshalText writes a placeholder.
func (NINumber) MarshalText() ([]byte, error) { return []byte(redacted), nil }

// BirthDate is a date of birth. It prints as a placeholder, as [NINumber] does.
type BirthDate Date

// String returns a placeholder.
func (BirthDate) String() string { return redacted }

// GoString returns a placeholder.
func (BirthDate) GoString() string { return redacted }

// Format writes a placeholder whatever the verb.
func (BirthDate) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte(redacted)) }

// MarshalText writes a placeholder.
func (BirthDate) MarshalText() ([]byte, error) { return []byte(redacted), nil }
