-- AlterEnum
ALTER TYPE "public"."AnEnumWithAnExceedinglyLongNameThatNearlyFillsTheLimit" ADD VALUE 'y';
