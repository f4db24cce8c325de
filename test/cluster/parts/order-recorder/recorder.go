// Package recorder keeps objects as an API server does and records the order in which an engine writes them.
package recorder

import (
	"runtime"
	"slices"
	"sync"
)

// Batch is a set of writes that the engine had under way at the same time, or a wait.
type Batch struct {
	// apply, delete, wait
	Do string `json:"do"`
	// Where the engine says it is, such as "Sync 3"; empty for engines that do not say.
	At string `json:"at,omitempty"`
	// Sorted. Of a wait: what is waited for.
	Objects []string `json:"objects"`
}

// Recorder groups writes: each blocks until nothing else in the process can go on, so those that run in parallel meet.
type Recorder struct {
	lock    sync.Mutex
	open    *openBatch
	batches []Batch
}

type openBatch struct {
	do      string
	objects []string
	done    chan struct{}
}

// New is to be called before the engine starts: meeting needs a single thread of Go code.
func New() *Recorder {
	runtime.GOMAXPROCS(1)
	return &Recorder{}
}

// Write records one write and returns when all writes that are parallel to it have come.
func (r *Recorder) Write(do, object string) {
	r.lock.Lock()
	if r.open == nil {
		r.open = &openBatch{do: do, done: make(chan struct{})}
		go r.closeWhenIdle(r.open)
	}
	batch := r.open
	if batch.do != do {
		panic(do + " of " + object + " in parallel to " + batch.do)
	}
	batch.objects = append(batch.objects, object)
	r.lock.Unlock()
	<-batch.done
}

func (r *Recorder) closeWhenIdle(batch *openBatch) {
	seen := 0
	for idle := 0; idle < 200; idle++ {
		runtime.Gosched()
		r.lock.Lock()
		if len(batch.objects) != seen {
			seen, idle = len(batch.objects), 0
		}
		r.lock.Unlock()
	}
	r.lock.Lock()
	defer r.lock.Unlock()
	slices.Sort(batch.objects)
	r.batches = append(r.batches, Batch{Do: batch.do, Objects: batch.objects})
	r.open = nil
	close(batch.done)
}

// Wait records that the engine did nothing but wait.
func (r *Recorder) Wait(for_ string) {
	r.lock.Lock()
	defer r.lock.Unlock()
	r.batches = append(r.batches, Batch{Do: "wait", Objects: []string{for_}})
}

// Label says where the engine was in the batches that have no label yet, and how many those were.
func (r *Recorder) Label(at string) int {
	return r.label(at, func(Batch) bool { return true })
}

// LabelApply does so for applies of just one object.
func (r *Recorder) LabelApply(object, at string) int {
	return r.label(at, func(batch Batch) bool { return batch.Do == "apply" && slices.Equal(batch.Objects, []string{object}) })
}

func (r *Recorder) label(at string, fits func(Batch) bool) int {
	r.lock.Lock()
	defer r.lock.Unlock()
	labelled := 0
	for i, batch := range r.batches {
		if batch.At == "" && batch.Do != "wait" && fits(batch) {
			r.batches[i].At = at
			labelled++
		}
	}
	return labelled
}

// Batches are all recorded so far.
func (r *Recorder) Batches() []Batch {
	r.lock.Lock()
	defer r.lock.Unlock()
	return append([]Batch{}, r.batches...)
}
