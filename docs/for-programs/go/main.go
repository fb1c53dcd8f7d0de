// Lists the runtimes that a model in a namespace can use, and tells "there are none" from "I am not allowed to see them".
//
// Exit codes: 0 complete, 3 not allowed (nothing is listed that could be taken for all), 1 anything else.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"strings"

	kserve "github.com/kserve/kserve/pkg/client/clientset/versioned"
	authorizationv1 "k8s.io/api/authorization/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/tools/clientcmd"
)

func main() {
	namespace := flag.String("namespace", "default", "where the model runs")
	flag.Parse()
	err := run(context.Background(), *namespace)
	if err == nil {
		return
	}
	fmt.Fprintln(os.Stderr, "error:", err)
	var missing *missingRights
	if errors.As(err, &missing) || apierrors.IsForbidden(err) {
		os.Exit(3)
	}
	os.Exit(1)
}

func run(ctx context.Context, namespace string) error {
	// In a Pod this is the ServiceAccount's; elsewhere KUBECONFIG says.
	config, err := clientcmd.NewNonInteractiveDeferredLoadingClientConfig(clientcmd.NewDefaultClientConfigLoadingRules(), nil).ClientConfig()
	if err != nil {
		return err
	}
	core, err := kubernetes.NewForConfig(config)
	if err != nil {
		return err
	}
	if err := checkRights(ctx, core, namespace); err != nil {
		return err
	}
	client, err := kserve.NewForConfig(config)
	if err != nil {
		return err
	}

	// Both calls return an empty, non-nil list beside an error. Code that drops the error sees "no runtimes".
	namespaced, err := client.ServingV1alpha1().ServingRuntimes(namespace).List(ctx, metav1.ListOptions{})
	if err != nil {
		return fmt.Errorf("list ServingRuntimes: %w", err)
	}
	// The generated client takes a namespace for this cluster-scoped kind too: anything but "" ends in a 404.
	cluster, err := client.ServingV1alpha1().ClusterServingRuntimes("").List(ctx, metav1.ListOptions{})
	if err != nil {
		return fmt.Errorf("list ClusterServingRuntimes: %w", err)
	}
	for _, runtime := range namespaced.Items {
		fmt.Printf("servingruntime/%s\n", runtime.Name)
	}
	for _, runtime := range cluster.Items {
		fmt.Printf("clusterservingruntime/%s\n", runtime.Name)
	}
	return nil
}

type missingRights struct{ rights []string }

func (missing *missingRights) Error() string {
	return fmt.Sprintf("not allowed: %s; see the ClusterRole in docs/for-programs.md", strings.Join(missing.rights, ", "))
}

// checkRights asks the API server at start, so that a missing role is found by whoever deploys and not by whoever looks at an empty page.
func checkRights(ctx context.Context, client kubernetes.Interface, namespace string) error {
	missing := &missingRights{}
	// A cluster-scoped kind is asked about without a namespace: with one, a RoleBinding would answer yes, and the request fails.
	for _, kind := range []struct{ resource, namespace string }{{"servingruntimes", namespace}, {"clusterservingruntimes", ""}} {
		review := &authorizationv1.SelfSubjectAccessReview{
			Spec: authorizationv1.SelfSubjectAccessReviewSpec{
				ResourceAttributes: &authorizationv1.ResourceAttributes{
					Verb: "list", Group: "serving.kserve.io", Resource: kind.resource, Namespace: kind.namespace,
				},
			},
		}
		answer, err := client.AuthorizationV1().SelfSubjectAccessReviews().Create(ctx, review, metav1.CreateOptions{})
		if err != nil {
			return fmt.Errorf("ask for the right to list %s: %w", kind.resource, err)
		}
		if !answer.Status.Allowed {
			missing.rights = append(missing.rights, "list "+kind.resource)
		}
	}
	if len(missing.rights) > 0 {
		return missing
	}
	return nil
}
