package recorder

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"sort"
	"strings"
	"sync"
)

// Object is a manifest.
type Object = map[string]any

// Kind is one that the server knows.
type Kind struct {
	Group, Version, Kind string
	Namespaced           bool
}

// Kinds that the server knows: those of the generator in the test.
var Kinds = []Kind{
	{"", "v1", "Namespace", false}, {"", "v1", "ConfigMap", true}, {"", "v1", "Secret", true}, {"", "v1", "Service", true}, {"", "v1", "ServiceAccount", true}, {"", "v1", "Pod", true},
	{"apps", "v1", "Deployment", true}, {"apps", "v1", "DaemonSet", true}, {"batch", "v1", "Job", true}, {"batch", "v1", "CronJob", true},
	{"networking.k8s.io", "v1", "NetworkPolicy", true}, {"networking.k8s.io", "v1", "Ingress", true},
	{"rbac.authorization.k8s.io", "v1", "ClusterRole", false}, {"rbac.authorization.k8s.io", "v1", "Role", true}, {"rbac.authorization.k8s.io", "v1", "RoleBinding", true},
	{"apiextensions.k8s.io", "v1", "CustomResourceDefinition", false}, {"apiregistration.k8s.io", "v1", "APIService", false}, {"scheduling.k8s.io", "v1", "PriorityClass", false},
	{"admissionregistration.k8s.io", "v1", "MutatingWebhookConfiguration", false}, {"admissionregistration.k8s.io", "v1", "ValidatingWebhookConfiguration", false},
	{"example.com", "v1", "Widget", true}, {"example.com", "v1", "Gadget", true}, {"example.com", "v1", "Area", false}, {"serving.example.com", "v1", "Service", true},
}

// Server answers requests in the process: it is a transport.
type Server struct {
	*Recorder
	lock    sync.Mutex
	objects map[string]Object
}

// NewServer has these objects.
func NewServer(objects []Object) *Server {
	s := &Server{Recorder: New(), objects: map[string]Object{}}
	for _, object := range objects {
		s.Put(object)
	}
	return s
}

// ID is Kind.group namespace/name; cluster-scoped objects have no namespace.
func ID(object Object) string {
	group, _, found := strings.Cut(text(object, "apiVersion"), "/")
	if !found {
		group = ""
	}
	metadata, _ := object["metadata"].(map[string]any)
	return id(group, text(object, "kind"), text(metadata, "namespace"), text(metadata, "name"))
}

func id(group, kind, namespace, name string) string {
	if known := find(group, kind); known != nil && !known.Namespaced {
		namespace = ""
	}
	return fmt.Sprintf("%s.%s %s/%s", kind, group, namespace, name)
}

// Place puts an object where a server has it: in its namespace, or in none.
func Place(object Object, namespace string) {
	group, _, found := strings.Cut(text(object, "apiVersion"), "/")
	if !found {
		group = ""
	}
	metadata := object["metadata"].(map[string]any)
	if namespaced, known := IsNamespaced(group, text(object, "kind")); known && !namespaced {
		delete(metadata, "namespace")
	} else if text(metadata, "namespace") == "" {
		metadata["namespace"] = namespace
	}
}

// IsNamespaced says so for known kinds.
func IsNamespaced(group, kind string) (namespaced, known bool) {
	found := find(group, kind)
	return found != nil && found.Namespaced, found != nil
}

func find(group, kind string) *Kind {
	for i := range Kinds {
		if Kinds[i].Group == group && Kinds[i].Kind == kind {
			return &Kinds[i]
		}
	}
	return nil
}

func text(object map[string]any, key string) string {
	value, _ := object[key].(string)
	return value
}

// Put stores an object. Definitions are established at once.
func (s *Server) Put(object Object) {
	if text(object, "kind") == "CustomResourceDefinition" {
		object["status"] = map[string]any{"conditions": []any{map[string]any{"type": "Established", "status": "True"}}}
	}
	if metadata, found := object["metadata"].(map[string]any); found {
		metadata["uid"] = ID(object)
	}
	s.lock.Lock()
	defer s.lock.Unlock()
	s.objects[ID(object)] = object
}

// Get gives nil for what is not there.
func (s *Server) Get(id string) Object {
	s.lock.Lock()
	defer s.lock.Unlock()
	return s.objects[id]
}

// List gives all, sorted by ID.
func (s *Server) List() []Object {
	s.lock.Lock()
	defer s.lock.Unlock()
	var ids []string
	for id := range s.objects {
		ids = append(ids, id)
	}
	sort.Strings(ids)
	all := []Object{}
	for _, id := range ids {
		all = append(all, s.objects[id])
	}
	return all
}

// Delete records a deletion where there is something to delete.
func (s *Server) Delete(id string) bool {
	s.lock.Lock()
	_, found := s.objects[id]
	delete(s.objects, id)
	s.lock.Unlock()
	if found {
		s.Write("delete", id)
	}
	return found
}

// RoundTrip answers as an API server does, as far as the engines ask.
func (s *Server) RoundTrip(request *http.Request) (*http.Response, error) {
	code, body := s.answer(request)
	encoded, err := json.Marshal(body)
	if err != nil {
		return nil, err
	}
	header := http.Header{"Content-Type": {"application/json"}}
	return &http.Response{StatusCode: code, Status: http.StatusText(code), Header: header, Body: io.NopCloser(bytes.NewReader(encoded)), Request: request}, nil
}

func (s *Server) answer(request *http.Request) (int, Object) {
	if found := discovery(request.URL.Path); found != nil {
		return 200, found
	}
	kind, namespace, name := resource(request.URL.Path)
	if kind == nil {
		return status(404, "NotFound")
	}
	var sent Object
	if request.Body != nil {
		if err := json.NewDecoder(request.Body).Decode(&sent); err != nil && err != io.EOF {
			return status(400, "BadRequest")
		}
	}
	if request.Method == "POST" {
		metadata, _ := sent["metadata"].(map[string]any)
		if name = text(metadata, "name"); name == "" {
			name = text(metadata, "generateName") + "generated"
			metadata["name"] = name
		}
	}
	return s.change(request, id(kind.Group, kind.Kind, namespace, name), sent)
}

func (s *Server) change(request *http.Request, id string, sent Object) (int, Object) {
	live := s.Get(id)
	isApply := request.Header.Get("Content-Type") == "application/apply-patch+yaml"
	switch {
	case request.Method == "POST" && live != nil:
		return status(409, "AlreadyExists")
	case request.Method == "POST" || (request.Method == "PATCH" && isApply):
		s.Put(sent)
		s.Write("apply", id)
		return 200, sent
	case live == nil:
		return status(404, "NotFound")
	case request.Method == "PATCH":
		s.Write("apply", id)
	case request.Method == "PUT":
		s.Put(sent)
		return 200, sent
	case request.Method == "DELETE":
		s.Delete(id)
		return status(200, "")
	}
	return 200, live
}

func status(code int, reason string) (int, Object) {
	result := "Failure"
	if code == 200 {
		result = "Success"
	}
	return code, Object{"kind": "Status", "apiVersion": "v1", "status": result, "reason": reason, "code": code}
}
