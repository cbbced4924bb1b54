// Package payments takes payment notices from a bank and proves that they are genuine.
//
// Every notice is signed by the sender. A notice that is unsigned, altered or too old is
// refused before it can mark an invoice as paid. The receiver is safe for concurrent use.
package payments

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"sync"
	"time"
)

// MaxNoticeAge is how old a payment notice may be.
const MaxNoticeAge = 5 * time.Minute

const maxBodyBytes = 64 << 10

var (
	// ErrSignature is returned when a notice was not signed by the bank.
	ErrSignature = errors.New("the signature does not match")
	// ErrTooOld is returned when a notice may have been replayed.
	ErrTooOld = errors.New("the notice is too old")
	// ErrSeen is returned when a notice arrives for the second time.
	ErrSeen = errors.New("the notice was received before")
)

// PaymentNotice says that an invoice was paid.
type PaymentNotice struct {
	ID        string    `json:"id"`
	InvoiceID string    `json:"invoice_id"`
	Cents     int64     `json:"cents"`
	SentAt    time.Time `json:"sent_at"`
}

// Ledger marks invoices as paid.
type Ledger interface {
	MarkPaid(notice PaymentNotice) error
}

// Receiver accepts signed payment notices. It is safe for concurrent use.
type Receiver struct {
	secret []byte
	ledger Ledger
	now    func() time.Time

	mu   sync.Mutex
	seen map[string]struct{}
}

// NewReceiver makes a receiver that shares a secret with the bank.
func NewReceiver(secret []byte, ledger Ledger) *Receiver {
	return &Receiver{secret: secret, ledger: ledger, now: time.Now, seen: map[string]struct{}{}}
}

// VerifySignature checks that the body was signed with the shared secret.
func (r *Receiver) VerifySignature(body []byte, signature string) error {
	mac := hmac.New(sha256.New, r.secret)
	mac.Write(body)
	given, err := hex.DecodeString(signature)
	if err != nil || !hmac.Equal(given, mac.Sum(nil)) {
		return ErrSignature
	}
	return nil
}

// RejectReplay refuses notices that are too old or were seen before.
func (r *Receiver) RejectReplay(notice PaymentNotice) error {
	if r.now().Sub(notice.SentAt) > MaxNoticeAge {
		return ErrTooOld
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if _, again := r.seen[notice.ID]; again {
		return ErrSeen
	}
	r.seen[notice.ID] = struct{}{}
	return nil
}

// RecordPayment marks the invoice of a genuine notice as paid.
func (r *Receiver) RecordPayment(notice PaymentNotice) error {
	return r.ledger.MarkPaid(notice)
}

// Register opens the address at which the bank delivers its notices.
func (r *Receiver) Register(mux *http.ServeMux) {
	mux.HandleFunc("POST /webhooks/payments", r.receive)
}

func (r *Receiver) receive(w http.ResponseWriter, req *http.Request) {
	body, err := io.ReadAll(io.LimitReader(req.Body, maxBodyBytes))
	if err != nil || r.VerifySignature(body, req.Header.Get("X-Signature")) != nil {
		http.Error(w, "not genuine", http.StatusUnauthorized)
		return
	}
	var notice PaymentNotice
	if json.Unmarshal(body, &notice) != nil || r.RejectReplay(notice) != nil {
		http.Error(w, "not accepted", http.StatusConflict)
		return
	}
	if r.RecordPayment(notice) != nil {
		http.Error(w, "try again", http.StatusServiceUnavailable)
		return
	}
	w.WriteHeader(http.StatusNoContent)
}
