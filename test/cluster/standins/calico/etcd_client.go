package main

import (
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"time"
)

// etcdClient speaks with etcd 3.4: v2 keys, and v3 by its JSON gateway. Settings as calico-node takes them: ETCD_ENDPOINTS, ETCD_*_FILE, ETCD_USERNAME, ETCD_PASSWORD.
type etcdClient struct {
	http               *http.Client
	endpoint           string
	username, password string
	token              string
}

func newEtcdClient() (*etcdClient, error) {
	config := &tls.Config{}
	if path := os.Getenv("ETCD_CA_CERT_FILE"); path != "" {
		authority, err := os.ReadFile(path)
		if err != nil {
			return nil, err
		}
		config.RootCAs = x509.NewCertPool()
		config.RootCAs.AppendCertsFromPEM(authority)
	}
	if path := os.Getenv("ETCD_CERT_FILE"); path != "" {
		pair, err := tls.LoadX509KeyPair(path, os.Getenv("ETCD_KEY_FILE"))
		if err != nil {
			return nil, err
		}
		config.Certificates = []tls.Certificate{pair}
	}
	client := &etcdClient{
		http:     &http.Client{Timeout: 5 * time.Second, Transport: &http.Transport{TLSClientConfig: config}},
		endpoint: strings.Split(os.Getenv("ETCD_ENDPOINTS"), ",")[0],
		username: os.Getenv("ETCD_USERNAME"),
		password: os.Getenv("ETCD_PASSWORD"),
	}
	return client, nil
}

// v2 returns the value of a key of the v2 API; empty where there is none.
func (c *etcdClient) v2(key string) (string, error) {
	request, err := http.NewRequest(http.MethodGet, c.endpoint+"/v2/keys"+key, nil)
	if err != nil {
		return "", err
	}
	if c.username != "" {
		request.SetBasicAuth(c.username, c.password)
	}
	var answer struct {
		Node      struct{ Value string }
		ErrorCode int
	}
	status, err := c.send(request, &answer)
	if err == nil && status != http.StatusOK && answer.ErrorCode != 100 {
		err = fmt.Errorf("v2 %s: status %d", key, status)
	}
	return answer.Node.Value, err
}

// v3 returns value and revision of a key of the v3 API; no value where there is none.
func (c *etcdClient) v3(key string) (value []byte, revision string, err error) {
	var answer struct {
		Kvs []struct {
			Value       []byte
			ModRevision string `json:"mod_revision"`
		}
	}
	if err := c.gateway("kv/range", map[string]any{"key": encode(key)}, &answer); err != nil || len(answer.Kvs) == 0 {
		return nil, "", err
	}
	return answer.Kvs[0].Value, answer.Kvs[0].ModRevision, nil
}

// swap writes a key only when it still has the revision; false when it has not.
func (c *etcdClient) swap(key, revision string, value []byte) (bool, error) {
	var answer struct{ Succeeded bool }
	err := c.gateway("kv/txn", map[string]any{
		"compare": []any{map[string]any{"key": encode(key), "target": "MOD", "result": "EQUAL", "mod_revision": revision}},
		"success": []any{map[string]any{"request_put": map[string]any{"key": encode(key), "value": value}}},
	}, &answer)
	return answer.Succeeded, err
}

func (c *etcdClient) gateway(path string, body any, answer any) error {
	if c.username != "" && c.token == "" {
		var authenticated struct{ Token string }
		credentials := map[string]any{"name": c.username, "password": c.password}
		if _, err := c.post("auth/authenticate", credentials, &authenticated); err != nil {
			return err
		}
		c.token = authenticated.Token
	}
	status, err := c.post(path, body, answer)
	if status == http.StatusUnauthorized {
		c.token = ""
	}
	if err == nil && status != http.StatusOK {
		err = fmt.Errorf("v3 %s: status %d", path, status)
	}
	return err
}

func (c *etcdClient) post(path string, body any, answer any) (int, error) {
	text, err := json.Marshal(body)
	if err != nil {
		return 0, err
	}
	request, err := http.NewRequest(http.MethodPost, c.endpoint+"/v3/"+path, bytes.NewReader(text))
	if err != nil {
		return 0, err
	}
	if c.token != "" {
		request.Header.Set("Authorization", c.token)
	}
	return c.send(request, answer)
}

func (c *etcdClient) send(request *http.Request, answer any) (int, error) {
	response, err := c.http.Do(request)
	if err != nil {
		return 0, err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		return response.StatusCode, err
	}
	return response.StatusCode, json.Unmarshal(body, answer)
}

func encode(key string) string { return base64.StdEncoding.EncodeToString([]byte(key)) }
