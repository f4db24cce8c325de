// Command argocd runs the Argo CD programs that the real tier needs, chosen by ARGOCD_BINARY_NAME.
package main

import (
	"fmt"
	"os"

	appcontroller "github.com/argoproj/argo-cd/v3/cmd/argocd-application-controller/commands"
	cmpserver "github.com/argoproj/argo-cd/v3/cmd/argocd-cmp-server/commands"
	gitaskpass "github.com/argoproj/argo-cd/v3/cmd/argocd-git-ask-pass/commands"
	reposerver "github.com/argoproj/argo-cd/v3/cmd/argocd-repo-server/commands"
	"github.com/spf13/cobra"
)

var programs = map[string]func() *cobra.Command{
	"argocd-application-controller": appcontroller.NewCommand,
	"argocd-cmp-server":             cmpserver.NewCommand,
	"argocd-git-ask-pass":           gitaskpass.NewCommand,
	"argocd-repo-server":            reposerver.NewCommand,
}

func main() {
	newCommand, known := programs[os.Getenv("ARGOCD_BINARY_NAME")]
	if !known {
		fmt.Fprintf(os.Stderr, "set ARGOCD_BINARY_NAME to one of %d programs, got %q\n", len(programs), os.Getenv("ARGOCD_BINARY_NAME"))
		os.Exit(2)
	}
	if err := newCommand().Execute(); err != nil {
		os.Exit(1)
	}
}
