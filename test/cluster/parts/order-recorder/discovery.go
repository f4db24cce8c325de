package recorder

import "strings"

func discovery(path string) Object {
	path = strings.TrimPrefix(path, "/")
	switch path {
	case "version":
		return Object{"major": "1", "minor": "34", "gitVersion": "v1.34.2"}
	case "api":
		return Object{"kind": "APIVersions", "versions": []string{"v1"}}
	case "apis":
		return groups()
	case "api/v1":
		return resources("", "v1")
	}
	if parts := strings.Split(path, "/"); len(parts) == 3 && parts[0] == "apis" {
		return resources(parts[1], parts[2])
	}
	return nil
}

func groups() Object {
	seen := map[string]bool{"": true}
	list := []Object{}
	for _, kind := range Kinds {
		if seen[kind.Group] {
			continue
		}
		seen[kind.Group] = true
		version := Object{"groupVersion": kind.Group + "/" + kind.Version, "version": kind.Version}
		list = append(list, Object{"name": kind.Group, "versions": []Object{version}, "preferredVersion": version})
	}
	return Object{"kind": "APIGroupList", "apiVersion": "v1", "groups": list}
}

func resources(group, version string) Object {
	list := []Object{}
	for _, kind := range Kinds {
		if kind.Group == group && kind.Version == version {
			list = append(list, Object{"name": plural(kind.Kind), "kind": kind.Kind, "namespaced": kind.Namespaced, "verbs": []string{"create", "delete", "get", "list", "patch", "update", "watch"}})
		}
	}
	if len(list) == 0 {
		return nil
	}
	groupVersion := strings.TrimPrefix(group+"/"+version, "/")
	return Object{"kind": "APIResourceList", "apiVersion": "v1", "groupVersion": groupVersion, "resources": list}
}

// resource reads /api/v1/namespaces/NS/RESOURCE/NAME and the like.
func resource(path string) (kind *Kind, namespace, name string) {
	parts := strings.Split(strings.Trim(path, "/"), "/")
	group := ""
	if parts[0] == "apis" && len(parts) > 1 {
		group, parts = parts[1], parts[1:]
	}
	if len(parts) < 3 {
		return nil, "", ""
	}
	parts = parts[2:]
	if parts[0] == "namespaces" && len(parts) > 2 {
		namespace, parts = parts[1], parts[2:]
	}
	if len(parts) > 1 {
		name = parts[1]
	}
	for i := range Kinds {
		if Kinds[i].Group == group && plural(Kinds[i].Kind) == parts[0] {
			return &Kinds[i], namespace, name
		}
	}
	return nil, "", ""
}

func plural(kind string) string {
	lower := strings.ToLower(kind)
	switch {
	case strings.HasSuffix(lower, "s"):
		return lower + "es"
	case strings.HasSuffix(lower, "y"):
		return strings.TrimSuffix(lower, "y") + "ies"
	}
	return lower + "s"
}
