// Package api is a small client of the API server for programs in Pods: the mounted token, JSON in, JSON out.
package api

import (
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"time"
)

const account = "/var/run/secrets/kubernetes.io/serviceaccount/"

// Client speaks with the API server as the Pod's ServiceAccount.
type Client struct {
	http   *http.Client
	server string
}

// InCluster reads the server's address from the environment and its certificate from the mounted ServiceAccount.
func InCluster() (*Client, error) {
	host, port := os.Getenv("KUBERNETES_SERVICE_HOST"), os.Getenv("KUBERNETES_SERVICE_PORT")
	if host == "" || port == "" {
		return nil, fmt.Errorf("KUBERNETES_SERVICE_HOST and KUBERNETES_SERVICE_PORT are not set")
	}
	authority, err := os.ReadFile(account + "ca.crt")
	if err != nil {
		return nil, err
	}
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM(authority)
	transport := &http.Transport{TLSClientConfig: &tls.Config{RootCAs: pool}}
	return &Client{&http.Client{Transport: transport, Timeout: 5 * time.Second}, "https://" + net.JoinHostPort(host, port)}, nil
}

// Do sends a request and returns the status code and the body; an error only when there was no answer at all.
func (c *Client) Do(method, path, contentType string, body []byte) (int, []byte, error) {
	request, err := http.NewRequest(method, c.server+path, bytes.NewReader(body))
	if err != nil {
		return 0, nil, err
	}
	token, err := os.ReadFile(account + "token")
	if err != nil {
		return 0, nil, err
	}
	request.Header.Set("Authorization", "Bearer "+string(token))
	request.Header.Set("Accept", "application/json")
	if contentType != "" {
		request.Header.Set("Content-Type", contentType)
	}
	response, err := c.http.Do(request)
	if err != nil {
		return 0, nil, err
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(response.Body)
	return response.StatusCode, answer, err
}
