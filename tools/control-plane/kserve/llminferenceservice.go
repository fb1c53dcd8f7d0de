package main

import (
	"context"

	"github.com/kserve/kserve/pkg/apis/serving/v1alpha1"
	"github.com/kserve/kserve/pkg/apis/serving/v1alpha2"
	"github.com/kserve/kserve/pkg/controller/v1alpha2/llmisvc"
	"github.com/kserve/kserve/pkg/webhook/admission/llminferenceservice"
	ctrl "sigs.k8s.io/controller-runtime"
)

// addLLMInferenceServices adds what KServe's llmisvc-controller-manager has, but for the migration of stored objects.
func addLLMInferenceServices(k kserve) error {
	if err := addLLMWebhooks(k); err != nil {
		return err
	}
	validator := v1alpha2.LLMInferenceServiceValidator{}
	services := llmisvc.LLMISVCReconciler{
		Client:        k.GetClient(),
		Config:        k.GetConfig(),
		Clientset:     k.clients,
		EventRecorder: k.recorder("LLMInferenceServiceController"),
		Validator: func(ctx context.Context, service *v1alpha2.LLMInferenceService) error {
			_, err := validator.ValidateCreate(ctx, service)
			return err
		},
	}
	if err := services.SetupWithManager(k); err != nil {
		return err
	}
	configs := llmisvc.LLMISVCConfigReconciler{Client: k.GetClient(), EventRecorder: k.recorder("LLMInferenceServiceConfigController")}
	return configs.SetupWithManager(k)
}

func addLLMWebhooks(k kserve) error {
	validate := func(ctx context.Context, config *v1alpha2.LLMInferenceServiceConfig) error {
		settings, err := llmisvc.LoadConfig(ctx, k.GetAPIReader())
		if err != nil {
			return err
		}
		_, err = llmisvc.ReplaceVariables(llmisvc.LLMInferenceServiceSample(), config, settings)
		return err
	}
	isPreset := func(name string) bool { return llmisvc.WellKnownDefaultConfigs.Has(name) }
	validators := []interface{ SetupWithManager(ctrl.Manager) error }{
		&v1alpha1.LLMInferenceServiceValidator{},
		&v1alpha2.LLMInferenceServiceValidator{},
		&v1alpha2.LLMInferenceServiceConfigValidator{ConfigValidationFunc: validate, WellKnownConfigChecker: isPreset},
		&v1alpha1.LLMInferenceServiceConfigValidator{
			ConfigValidationFunc: func(ctx context.Context, config *v1alpha1.LLMInferenceServiceConfig) error {
				converted := v1alpha2.LLMInferenceServiceConfig{}
				if err := config.ConvertTo(&converted); err != nil {
					return err
				}
				return validate(ctx, &converted)
			},
			WellKnownConfigChecker: isPreset,
		},
	}
	for _, validator := range validators {
		if err := validator.SetupWithManager(k); err != nil {
			return err
		}
	}
	if err := ctrl.NewWebhookManagedBy(k).
		For(&v1alpha1.LLMInferenceService{}).
		WithDefaulter(&llminferenceservice.LLMInferenceServiceDefaulterV1Alpha1{Client: k.GetClient(), Clientset: k.clients}).
		Complete(); err != nil {
		return err
	}
	return ctrl.NewWebhookManagedBy(k).
		For(&v1alpha2.LLMInferenceService{}).
		WithDefaulter(&llminferenceservice.LLMInferenceServiceDefaulterV1Alpha2{Client: k.GetClient(), Clientset: k.clients}).
		Complete()
}
