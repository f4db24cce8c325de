// Command stepper plays the step of a hook. It runs its commands in order, separated by "--":
//
//	sleep SECONDS | print TEXT | exit CODE | require PATH | forbid PATH | delete PATH | merge PATH JSON | post PATH JSON
//
// PATH is a path of the Kubernetes API. require and forbid exit with 20 (transient) when the object is missing or there.
package main

import (
	"fmt"
	"net/http"
	"os"
	"os/signal"
	"strconv"
	"syscall"
	"time"

	"hookwave.test/standins/api"
)

func main() {
	stop := make(chan os.Signal, 1)
	signal.Notify(stop, syscall.SIGTERM)
	go func() {
		<-stop
		os.Exit(143)
	}()
	for _, command := range split(os.Args[1:]) {
		fmt.Println(time.Now().UTC().Format(time.RFC3339Nano), command)
		run(command)
	}
}

func split(args []string) [][]string {
	commands := [][]string{nil}
	for _, arg := range args {
		if arg == "--" {
			commands = append(commands, nil)
			continue
		}
		last := len(commands) - 1
		commands[last] = append(commands[last], arg)
	}
	return commands
}

func run(command []string) {
	if len(command) < 2 {
		fail(64, "a command and its argument are needed, got %q", command)
	}
	switch name, argument := command[0], command[1]; name {
	case "sleep":
		seconds, err := strconv.ParseFloat(argument, 64)
		check(err)
		time.Sleep(time.Duration(seconds * float64(time.Second)))
	case "print":
		fmt.Println(argument)
	case "exit":
		code, err := strconv.Atoi(argument)
		check(err)
		os.Exit(code)
	case "require":
		if status, _ := request(http.MethodGet, argument, "", nil); status != http.StatusOK {
			fail(20, "%s: status %d", argument, status)
		}
	case "forbid":
		if status, _ := request(http.MethodGet, argument, "", nil); status != http.StatusNotFound {
			fail(20, "%s: status %d", argument, status)
		}
	case "delete":
		body := []byte(`{"propagationPolicy":"Background"}`)
		if status, answer := request(http.MethodDelete, argument, "application/json", body); status >= 300 && status != http.StatusNotFound {
			fail(30, "%s: status %d: %s", argument, status, answer)
		}
	case "merge":
		write(http.MethodPatch, argument, "application/merge-patch+json", command)
	case "post":
		write(http.MethodPost, argument, "application/json", command)
	default:
		fail(64, "unknown command %q", name)
	}
}

func write(method, path, contentType string, command []string) {
	if len(command) != 3 {
		fail(64, "%s needs a path and JSON", command[0])
	}
	if status, answer := request(method, path, contentType, []byte(command[2])); status >= 300 && status != http.StatusConflict {
		fail(30, "%s: status %d: %s", path, status, answer)
	}
}

func request(method, path, contentType string, body []byte) (int, []byte) {
	client, err := api.InCluster()
	check(err)
	for attempt := 0; ; attempt++ {
		status, answer, err := client.Do(method, path, contentType, body)
		if err == nil {
			return status, answer
		}
		if attempt == 20 {
			fail(20, "%s: %v", path, err)
		}
		time.Sleep(500 * time.Millisecond)
	}
}

func check(err error) {
	if err != nil {
		fail(30, "%v", err)
	}
}

func fail(code int, format string, values ...any) {
	fmt.Fprintf(os.Stderr, "stepper: "+format+"\n", values...)
	os.Exit(code)
}
