-- CreateTable
CREATE TABLE "Thing4" (
    "id" UUID NOT NULL,
    "a" BOOLEAN NOT NULL DEFAULT false,

    CONSTRAINT "Thing4_pkey" PRIMARY KEY ("id")
);
